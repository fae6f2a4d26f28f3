/** How the user proves who they are before the server hands out or changes the API key. */
export type Verification =
  | {
      readonly kind: 'masterPassword';
      /** UTF-8; wiped by the call. */
      readonly password: Uint8Array;
    }
  | { readonly kind: 'code'; readonly code: string };
