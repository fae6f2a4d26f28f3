import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { asBuffer, wipe } from '../base/secretBytes';

/** 0: very weak, to 4: strong. */
export type Strength = 0 | 1 | 2 | 3 | 4;

/** In memory that is shared with the thread that asks, which wipes it where it does not wait any more. */
export interface StrengthWork {
  readonly number: number;
  /** UTF-8; wiped once it was used. */
  readonly secret: Uint8Array<SharedArrayBuffer>;
}

export interface StrengthAnswer {
  readonly number: number;
  readonly strength: Strength;
}

const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

parentPort?.on('message', ({ number, secret }: StrengthWork) => {
  // Wiped by the thread that asked, which does not wait for it any more.
  if (secret[0] === 0) return;
  const text = asBuffer(secret).toString('utf8');
  const answer: StrengthAnswer = { number, strength: estimator.check(text).score };
  wipe(secret);
  parentPort?.postMessage(answer);
});
