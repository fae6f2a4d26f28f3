/** Begins the lines that a suite prints, to tell them from VS Code's own. */
export const suiteLine = 'suite| ';
