import * as vscode from 'vscode';
import { serverHost, type ServerUrls } from '../../bitwarden/http/servers';
import { ServerUrlError } from '../../bitwarden/errors';
import type { Parts } from '../commands/command';
import { commandTitle } from '../commands/commandId';
import { serverUrlProblem } from '../errors/serverFailures';
import { askInBox, type Accepted, type Answer, type BoxButton, type StepPosition } from '../prompts/box';
import { askToChoose } from '../prompts/choice';
import { isPresenting, openClientId } from '../presentation';
import { withProgress } from '../prompts/progress';
import { useEnvironmentKey } from '../settings';
import { apiKeyPageButton } from '../links';
import { addressHint, clientIdHint, clientSecretProblem, type Hint } from './hints';
import { environmentKey, pastedKey, pastedPair } from './keyText';
import { environmentServer } from './lastServer';
import { choiceOf, draftOf, serversOf, signInSteps, type SignInDraft, type SignInStep } from './steps';

/** Asks for server and key, step by step, and signs in. */
export class SignInFlow {
  #draft: SignInDraft;
  readonly #prefersEnvironment: boolean;
  readonly #environment = environmentKey(process.env);
  /** The client_secret that was pasted together with the client_id. */
  #secret: string | undefined;
  /** The addresses that did not answer like a server. Enter once more goes on with them. */
  #unanswered: ServerUrls | undefined;

  constructor(private readonly parts: Pick<Parts, 'sessions' | 'reporter' | 'lastServer'>) {
    // The key of the environment may be that of the account which is here already.
    this.#prefersEnvironment = useEnvironmentKey() && parts.sessions.all.length === 0;
    const usable = this.#environment.kind === 'usable';
    this.#draft = {
      ...draftOf(environmentServer(process.env) ?? parts.lastServer.choice),
      environmentKey: usable,
      useEnvironmentKey: usable && this.#prefersEnvironment,
    };
  }

  /** @returns true when signed in, false when the user gave up. */
  async run(): Promise<boolean> {
    if (!(await this.#signIn())) return false;
    await this.parts.lastServer.remember(choiceOf(this.#draft));
    return true;
  }

  async #signIn(): Promise<boolean> {
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
    return signInSteps(this.#draft).filter((step) => step !== 'keySource' || !this.#prefersEnvironment);
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
      preferred: this.#draft.region,
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
      accept: async (text, signal) => {
        const hint = addressHint(text);
        if ('problem' in hint) return { again: hint.problem };
        const draft = this.#withAddress(name, text);
        const problem = name === 'api' ? undefined : addressProblem(draft);
        if (problem !== undefined) return { again: problem };
        this.#draft = draft;
        const isLast = name === 'identity' || (name === 'base' && draft.separateAddresses !== true);
        return isLast ? this.#checked(signal) : accepted;
      },
    });
  }

  /** Addresses of API and identity that were remembered belong to the base that they were remembered with. */
  #withAddress(name: 'base' | 'api' | 'identity', text: string): SignInDraft {
    const { separateAddresses, api, base } = this.#draft;
    const areOfAnother = name === 'base' && separateAddresses === true && api !== undefined && base !== text;
    const draft = { ...this.#draft, [name]: text };
    return areOfAnother ? { ...draft, separateAddresses: false } : draft;
  }

  /** Asks the server whether it is there. The user may go on without an answer: nobody is locked out by a bad line. */
  async #checked(signal: AbortSignal): Promise<Accepted<undefined>> {
    const servers = this.#servers();
    if (this.#unanswered?.api === servers.api) return accepted;
    const problem = await this.#serverProblem(servers, signal);
    if (problem === undefined) return accepted;
    this.#unanswered = servers;
    return { again: vscode.l10n.t('{0} Press Enter to continue anyway.', problem), logged: true };
  }

  /** What keeps the server from being asked, as a sentence; undefined when it answers, or when the user gave up. */
  async #serverProblem(servers: ServerUrls, signal: AbortSignal): Promise<string | undefined> {
    try {
      await this.parts.sessions.current.checkServer(servers, signal);
      return undefined;
    } catch (error) {
      return this.parts.reporter.record('check server', error)?.message;
    }
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
    const servers = this.#servers();
    const prompt =
      this.#environment.kind === 'unusable'
        ? vscode.l10n.t('client_id of your personal API key (BW_CLIENTID holds another kind)')
        : vscode.l10n.t('client_id of your personal API key, or both parts pasted at once');
    // A server of one's own was checked where its address was entered.
    const isChecked = this.#draft.region === 'selfHosted';
    return askInBox<undefined>({
      title: this.#title(),
      prompt: isChecked ? prompt : vscode.l10n.t('Connecting to {0}…', serverHost(servers)),
      first: isChecked ? undefined : (signal) => this.#promptAfterCheck(prompt, servers, signal),
      placeholder: 'user.…',
      masked: isPresenting() ? 'key' : undefined,
      value: this.#draft.clientId,
      step,
      buttons: [apiKeyPageButton(servers)],
      take: (text) => this.#takeSecret(text),
      hint: (text) => this.#clientIdHint(text),
      accept: async (text, signal) => {
        const hint = clientIdHint(text);
        if ('problem' in hint) return { again: hint.problem };
        this.#draft = { ...this.#draft, clientId: pastedKey('id', text) };
        const secret = this.#secret;
        if (secret === undefined) return accepted;
        const outcome = await this.#trySecret(secret, signal);
        // After a refusal Enter asks for the client_secret alone.
        if ('again' in outcome) this.#hold(undefined);
        return outcome;
      },
    });
  }

  async #promptAfterCheck(prompt: string, servers: ServerUrls, signal: AbortSignal): Promise<string> {
    const problem = await this.#serverProblem(servers, signal);
    return problem === undefined ? prompt : vscode.l10n.t('{0} You can still enter the key.', problem);
  }

  /** Of a key that was pasted whole the client_secret is taken out of the box, which shows what is in it. */
  #takeSecret(text: string): string {
    const pair = pastedPair(text);
    if (pair === undefined) {
      if (text === '') this.#hold(undefined);
      return text;
    }
    this.#hold(pair.clientSecret);
    return pair.clientId;
  }

  #hold(secret: string | undefined): void {
    this.#secret = secret;
    this.#draft = { ...this.#draft, hasSecret: secret !== undefined };
  }

  #clientIdHint(text: string): vscode.InputBoxValidationMessage | undefined {
    if (text === '') return undefined;
    const hint = clientIdHint(text);
    return 'ok' in hint && this.#secret !== undefined
      ? shown({ ok: vscode.l10n.t('A personal API key with its client_secret. Enter signs in.') })
      : shown(hint);
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
        return this.#trySecret(pastedKey('secret', text), signal);
      },
    });
  }

  async #trySecret(clientSecret: string, signal: AbortSignal): Promise<Accepted<undefined>> {
    const { sessions, reporter } = this.parts;
    try {
      await sessions.signIn(this.#servers(), { clientId: this.#draft.clientId ?? '', clientSecret }, signal);
      return accepted;
    } catch (error) {
      const explanation = reporter.record('sign in', error);
      return { again: explanation?.message ?? '', logged: true };
    }
  }

  async #signInFromEnvironment(): Promise<boolean> {
    if (this.#environment.kind !== 'usable') return false;
    const { clientId, clientSecret } = this.#environment;
    await withProgress(this.#title(), (signal) =>
      this.parts.sessions.signIn(this.#servers(), { clientId, clientSecret }, signal),
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
