/** Header parameters of a COSE structure (RFC 9052, section 3.1). */
export const HEADER = { algorithm: 1, critical: 2, contentType: 3, keyId: 4, iv: 5 } as const;

/** Parameters of a COSE key (RFC 9052, section 7.1). */
export const KEY = { type: 1, id: 2, algorithm: 3, operations: 4 } as const;
