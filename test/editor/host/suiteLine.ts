/** The beginning of lines that a suite prints. VS Code's own lines lack it. */
export const suiteLine = 'suite| ';
