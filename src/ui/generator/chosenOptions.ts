import type * as vscode from 'vscode';
import { type GeneratorOptions, parseOptions } from '../../generate/options';

const KEY = 'generator';

/** Remembers how the user wants things generated. No secret is in it. */
export class ChosenOptions {
  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {}

  get value(): GeneratorOptions {
    return parseOptions(this.memento.get<unknown>(KEY));
  }

  async remember(options: GeneratorOptions): Promise<void> {
    await this.memento.update(KEY, options);
  }
}
