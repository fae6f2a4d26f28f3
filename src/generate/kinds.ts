/** What can be generated. Stored by place in this list, so new ones go to its end. */
export const generatorKinds = ['password', 'passphrase', 'username'] as const;

export type GeneratorKind = (typeof generatorKinds)[number];
