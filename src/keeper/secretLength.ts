/** Bytes of the secret by which the keeper and the windows know each other. */
export const SECRET_LENGTH = 32;
