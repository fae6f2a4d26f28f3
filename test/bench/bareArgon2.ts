import { parentPort, workerData } from 'node:worker_threads';
import { argon2id } from 'hash-wasm/dist/argon2.umd.min.js';

/** A thread that does the one thing: hash-wasm with nothing of ours around it. */
void argon2id(workerData as Parameters<typeof argon2id>[0]).then((key) => parentPort?.postMessage(key));
