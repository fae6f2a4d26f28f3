import { Worker } from 'node:worker_threads';
import type { Disposable } from '../base/ports';
import { secretFromText, shareSecret, wipe } from '../base/secretBytes';
import type { Strength, StrengthAnswer, StrengthWork } from './strengthWorker';

/** Estimates how strong a password is, in a thread that starts with the first one. */
export class StrengthMeter implements Disposable {
  #worker: Worker | undefined;
  #asked = 0;
  #waiting: { readonly work: StrengthWork; readonly answer: (strength: Strength | undefined) => void } | undefined;

  /** @param program the path of the bundle of strengthWorker.ts. */
  constructor(private readonly program: string) {}

  /** @returns undefined where another one is measured by now, where the meter has ended, and where no thread starts. */
  measure(text: string): Promise<Strength | undefined> {
    this.#answer(undefined);
    const bytes = secretFromText(text);
    const work: StrengthWork = { number: ++this.#asked, secret: shareSecret(bytes) };
    wipe(bytes);
    return new Promise((resolve) => {
      this.#waiting = { work, answer: resolve };
      try {
        this.#worker ??= this.#start();
        this.#worker.postMessage(work);
      } catch {
        this.#answer(undefined);
      }
    });
  }

  dispose(): void {
    this.#answer(undefined);
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    const worker = new Worker(this.program, { execArgv: [], env: {} });
    const end = () => {
      if (this.#worker === worker) this.dispose();
    };
    worker.on('message', ({ number, strength }: StrengthAnswer) => {
      if (number === this.#asked) this.#answer(strength);
    });
    worker.once('error', end);
    worker.once('exit', end);
    return worker;
  }

  #answer(strength: Strength | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    wipe(waiting?.work.secret);
    waiting?.answer(strength);
  }
}
