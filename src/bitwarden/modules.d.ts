/** The bundled code of a worker, as text: see `inlineWorkers` in esbuild.mjs. */
declare module 'worker:*' {
  const code: string;
  export default code;
}

/** The part of hash-wasm that carries Argon2 alone; the package has types for the whole only. */
declare module 'hash-wasm/dist/argon2.umd.min.js' {
  export { argon2id } from 'hash-wasm';
}
