import * as vscode from 'vscode';
import { serverHost, type ServerUrls } from '../../bitwarden/http/servers';
import { ServerUrlError } from '../../bitwarden/errors';
import type { Session } from '../../account/session';
import { commandTitle } from '../commands/commandId';
import { serverUrlProblem } from '../errors/serverFailures';
import { askInBox, type Accepted, type Answer, type BoxButton, type StepPosition } from '../prompts/box';
import { askToChoose } from '../prompts/choice';
import { isPresenting, openClientId } from '../presentation';
import { withProgress } from '../prompts/progress';
import type { ErrorReporter } from '../errors/errorReporter';
import { useEnvironmentKey } from '../settings';
import { apiKeyPageButton } from '../links';
import { addressHint, clientIdHint, clientSecretProblem, type Hint } from './hints';
import { environmentKey, pastedKey } from './keyText';
import { serversOf, signInSteps, type SignInDraft, type SignInStep } from './steps';

/** Asks for server and key, step by step, and signs in. */
export class SignInFlow {
  #draft: SignInDraft;
  readonly #environment = environmentKey(process.env);

  constructor(
    private readonly session: Session,
    private readonly reporter: ErrorReporter,
  ) {
    const usable = this.#environment.kind === 'usable';
    this.#draft = { environmentKey: usable, useEnvironmentKey: usable && useEnvironmentKey() };
  }

  /** @returns true when signed in, false when the user gave up. */
  async run(): Promise<boolean> {
    let step: SignInStep = 'region';
    for (;;) {
      const steps = this.#visibleSteps();
      const position = { number: steps.indexOf(step) + 1, of: steps.length };
      const answer = await this.#ask(step, position);
      if (answer.kind === 'cancelled') return false;
      const order = this.#visibleSteps();
      const next: SignInStep | undefined = order[order.indexOf(step) + (answer.kind === 'back' ? -1 : 1)];
      if (next !== undefined) step = next;
      else if (answer.kind === 'done') return this.#usesEnvironment() ? this.#signInFromEnvironment() : true;
    }
  }

  /** The steps that are asked. The setting for the source of the key may answer one of them. */
  #visibleSteps(): readonly SignInStep[] {
    return signInSteps(this.#draft).filter((step) => step !== 'keySource' || !useEnvironmentKey());
  }

  #usesEnvironment(): boolean {
    return this.#draft.useEnvironmentKey === true;
  }

  #ask(step: SignInStep, position: StepPosition): Promise<Answer<undefined>> {
    switch (step) {
      case 'region':
        return this.#askRegion(position);
      case 'base':
        return this.#askAddress(position, {
          name: 'base',
          prompt: vscode.l10n.t('Address of your server, as you open its web vault'),
          placeholder: 'https://vault.example.org',
        });
      case 'api':
        return this.#askAddress(position, {
          name: 'api',
          prompt: vscode.l10n.t('Address of the API'),
          placeholder: `${this.#draft.base ?? ''}/api`,
        });
      case 'identity':
        return this.#askAddress(position, {
          name: 'identity',
          prompt: vscode.l10n.t('Address of the identity service'),
          placeholder: `${this.#draft.base ?? ''}/identity`,
        });
      case 'keySource':
        return this.#askKeySource(position);
      case 'clientId':
        return this.#askClientId(position);
      case 'clientSecret':
        return this.#askClientSecret(position);
    }
  }

  async #askRegion(step: StepPosition): Promise<Answer<undefined>> {
    const answer = await askToChoose<NonNullable<SignInDraft['region']>>({
      title: commandTitle('vaultside.signIn'),
      placeholder: vscode.l10n.t('Where is your vault?'),
      step,
      choices: [
        { label: vscode.l10n.t('Bitwarden US'), description: 'vault.bitwarden.com', value: 'us' },
        { label: vscode.l10n.t('Bitwarden EU'), description: 'vault.bitwarden.eu', value: 'eu' },
        {
          label: vscode.l10n.t('Self-hosted'),
          description: vscode.l10n.t('your own Bitwarden or Vaultwarden server'),
          value: 'selfHosted',
        },
      ],
    });
    if (answer.kind === 'done') this.#draft = { ...this.#draft, region: answer.value };
    return withoutValue(answer);
  }

  #askAddress(
    step: StepPosition,
    { name, prompt, placeholder }: { name: 'base' | 'api' | 'identity'; prompt: string; placeholder: string },
  ): Promise<Answer<undefined>> {
    const separate: BoxButton = {
      iconPath: new vscode.ThemeIcon('split-horizontal'),
      tooltip: vscode.l10n.t('Separate API and Identity Addresses'),
      press: () => {
        const separateAddresses = this.#draft.separateAddresses !== true;
        this.#draft = { ...this.#draft, separateAddresses };
        return Promise.resolve({
          message: separateAddresses
            ? vscode.l10n.t('The API and identity addresses are asked for next.')
            : vscode.l10n.t('API and identity are below this address.'),
          severity: vscode.InputBoxValidationSeverity.Info,
        });
      },
    };
    return askInBox<undefined>({
      title: vscode.l10n.t('Sign In to Your Own Server'),
      prompt,
      placeholder,
      value: this.#draft[name],
      step,
      buttons: name === 'base' ? [separate] : [],
      hint: (text) => (text === '' ? undefined : shown(addressHint(text))),
      accept: (text) => {
        const hint = addressHint(text);
        if ('problem' in hint) return Promise.resolve({ again: hint.problem });
        const draft = { ...this.#draft, [name]: text };
        const problem = name === 'api' ? undefined : addressProblem(draft);
        if (problem !== undefined) return Promise.resolve({ again: problem });
        this.#draft = draft;
        return Promise.resolve(accepted);
      },
    });
  }

  async #askKeySource(step: StepPosition): Promise<Answer<undefined>> {
    const clientId = this.#environment.kind === 'usable' ? this.#environment.clientId : '';
    const answer = await askToChoose({
      title: this.#title(),
      placeholder: vscode.l10n.t('Which API key?'),
      step,
      choices: [
        {
          label: vscode.l10n.t('Use the key from the environment'),
          description: openClientId(clientId),
          detail: vscode.l10n.t('BW_CLIENTID and BW_CLIENTSECRET are set.'),
          value: true,
        },
        { label: vscode.l10n.t('Enter a key'), value: false },
      ],
    });
    if (answer.kind === 'done') this.#draft = { ...this.#draft, useEnvironmentKey: answer.value };
    return withoutValue(answer);
  }

  #askClientId(step: StepPosition): Promise<Answer<undefined>> {
    return askInBox<undefined>({
      title: this.#title(),
      prompt:
        this.#environment.kind === 'unusable'
          ? vscode.l10n.t('client_id of your personal API key (BW_CLIENTID holds another kind)')
          : vscode.l10n.t('client_id of your personal API key'),
      placeholder: 'user.…',
      masked: isPresenting() ? 'key' : undefined,
      value: this.#draft.clientId,
      step,
      buttons: [apiKeyPageButton(this.#servers())],
      hint: (text) => (text === '' ? undefined : shown(clientIdHint(text))),
      accept: (text) => {
        const hint = clientIdHint(text);
        if ('problem' in hint) return Promise.resolve({ again: hint.problem });
        this.#draft = { ...this.#draft, clientId: pastedKey('id', text) };
        return Promise.resolve(accepted);
      },
    });
  }

  #askClientSecret(step: StepPosition): Promise<Answer<undefined>> {
    return askInBox<undefined>({
      title: this.#title(),
      prompt: vscode.l10n.t('client_secret that belongs to {0}', openClientId(this.#draft.clientId ?? '')),
      placeholder: 'client_secret',
      masked: 'key',
      step,
      buttons: [apiKeyPageButton(this.#servers())],
      accept: async (text, signal) => {
        const problem = clientSecretProblem(text);
        if (problem !== undefined) return { again: problem };
        try {
          const key = { clientId: this.#draft.clientId ?? '', clientSecret: pastedKey('secret', text) };
          await this.session.signIn(this.#servers(), key, signal);
          return accepted;
        } catch (error) {
          const explanation = this.reporter.record('sign in', error);
          return { again: explanation?.message ?? '', logged: true };
        }
      },
    });
  }

  async #signInFromEnvironment(): Promise<boolean> {
    if (this.#environment.kind !== 'usable') return false;
    const { clientId, clientSecret } = this.#environment;
    await withProgress(this.#title(), (signal) =>
      this.session.signIn(this.#servers(), { clientId, clientSecret }, signal),
    );
    return true;
  }

  #servers(): ServerUrls {
    return serversOf(this.#draft);
  }

  #title(): string {
    return vscode.l10n.t('Sign In to {0}', serverHost(this.#servers()));
  }
}

const accepted: Accepted<undefined> = { value: undefined };

function shown(hint: Hint): vscode.InputBoxValidationMessage {
  return 'ok' in hint
    ? { message: hint.ok, severity: vscode.InputBoxValidationSeverity.Info }
    : { message: hint.problem, severity: vscode.InputBoxValidationSeverity.Warning };
}

function addressProblem(draft: SignInDraft): string | undefined {
  try {
    serversOf(draft.identity === undefined ? { ...draft, separateAddresses: false } : draft);
    return undefined;
  } catch (error) {
    if (error instanceof ServerUrlError) return serverUrlProblem(error);
    throw error;
  }
}

function withoutValue(answer: Answer<unknown>): Answer<undefined> {
  return answer.kind === 'done' ? { kind: 'done', value: undefined } : answer;
}
