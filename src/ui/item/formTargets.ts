import * as vscode from 'vscode';
import type { Draft, EditDraft } from '../../account/drafts';
import type { Session } from '../../account/session';
import { printable } from '../../base/printable';
import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { ItemEdit, ItemPart, NewItem } from '../../vault/edit/itemEdit';
import type { Merge, PartValue } from '../../vault/edit/merge';
import { GoneElsewhereError } from '../../vault/errors';
import type { Field } from '../../vault/fields';
import type { Item } from '../../vault/items';
import type { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import { mayOwnItems } from '../../vault/policies';
import { typeName } from '../itemWords';
import { itemName } from '../labels';
import type { ItemValues } from '../values/itemValues';
import type { FormLook, FormPlace } from './describeForm';
import { baseOf, emptyBase } from './formBase';
import type { Taken } from './formMessages';
import type { FormBase } from './formState';
import type { FormTarget } from './itemForm';

export type KnownItem = Item & { readonly type: KnownItemType };

/** An item that is being changed. */
export class EditTarget implements FormTarget {
  readonly type: KnownItemType;
  readonly itemId: string;
  readonly place = undefined;
  readonly title: string;
  readonly #draftId: string;
  /** The item as the server had sent it when the form began. */
  #base: Uint8Array;

  constructor(
    private readonly values: Pick<ItemValues, 'readStored' | 'withProof'>,
    readonly session: Session,
    private readonly begun: {
      readonly item: KnownItem;
      readonly proof: MasterPasswordProof | undefined;
      readonly draft: EditDraft | undefined;
    },
  ) {
    const { item, draft } = begun;
    this.type = item.type;
    this.itemId = item.id;
    this.title = vscode.l10n.t('Edit {0}', itemName(item));
    this.#draftId = draft?.id ?? crypto.randomUUID();
    this.#base = draft === undefined ? (this.element() ?? NOTHING) : Buffer.from(draft.content.base);
  }

  look(): Pick<FormLook, 'owners' | 'collections' | 'folders'> {
    const vault = openVault(this.session);
    const { organizationId } = this.begun.item;
    const organization = vault?.organizations.find(({ id }) => id === organizationId);
    return {
      owners: [
        organization === undefined ? yourself() : { value: organization.id, label: printable(organization.name) },
      ],
      collections: [],
      folders: vault?.folders ?? [],
    };
  }

  base(): FormBase | undefined {
    const vault = openVault(this.session);
    const item = vault?.item(this.itemId);
    return vault && item && baseOf(vault, { ...item, type: this.type }, this.begun.proof);
  }

  merge(edit: ItemEdit): Merge | undefined {
    const now = this.element();
    const isAsItWas = now === undefined || Buffer.from(now).equals(this.#base);
    return isAsItWas ? undefined : openVault(this.session)?.merge(this.itemId, this.#base, edit);
  }

  accept(): () => void {
    const before = this.#base;
    this.#base = this.element() ?? before;
    return () => (this.#base = before);
  }

  async read(field: Field): Promise<string | undefined> {
    const { session } = this;
    const vault = openVault(session);
    const item = vault?.item(this.itemId);
    if (vault === undefined || item === undefined) throw new GoneElsewhereError('item');
    return this.values.readStored({ session, vault, item, field });
  }

  async readCompared(edit: ItemEdit, part: ItemPart, side: Taken): Promise<PartValue | undefined> {
    const merge = this.merge(edit);
    if (merge === undefined || side === 'both') return undefined;
    return this.values.withProof(this.session, this.begun, 'show', (proof) => merge.value(part, side, proof));
  }

  keep(edit: ItemEdit): Promise<void> {
    const base = Buffer.from(this.#base).toString();
    const content = { kind: 'edit', itemId: this.itemId, edit, base } as const;
    return this.session.drafts.keep({ id: this.#draftId, content, attempts: [] });
  }

  discard(): Promise<void> {
    return this.session.drafts.discard(this.#draftId);
  }

  async save(edit: ItemEdit): Promise<string | undefined> {
    const saved = await this.values.withProof(this.session, this.begun, 'edit', async (proof) => {
      await this.session.saveItem(this.itemId, edit, this.#base, proof);
      return this.itemId;
    });
    if (saved !== undefined) await discarded(this);
    return saved;
  }

  element(): Uint8Array | undefined {
    return openVault(this.session)?.element(this.itemId);
  }
}

const NOTHING = new Uint8Array();

/** An item that does not exist yet. */
export class NewTarget implements FormTarget {
  readonly type: KnownItemType;
  readonly itemId = undefined;
  readonly place: FormPlace;
  readonly title: string;
  readonly draftId: string;
  /** The encrypted names by which attempts to create it are known. */
  #attempts: readonly string[];
  #isKept: boolean;

  constructor(
    readonly session: Session,
    {
      type,
      organizationId = '',
      collectionIds = [],
      id,
      attempts = [],
    }: Omit<NewItem, 'edit'> & Partial<Pick<Draft, 'id' | 'attempts'>>,
  ) {
    this.type = type;
    this.title = vscode.l10n.t('New {0}', typeName(type));
    // Where the user may have none of their own, it is the first organization's until they choose.
    const [first] = this.look().owners;
    this.place = { organizationId: organizationId || (first?.value ?? ''), collectionIds };
    this.draftId = id ?? crypto.randomUUID();
    this.#isKept = id !== undefined;
    this.#attempts = attempts;
  }

  look(): Pick<FormLook, 'owners' | 'collections' | 'folders'> {
    const vault = openVault(this.session);
    const organizations = vault?.organizations ?? [];
    return {
      owners: [
        ...(mayOwnItems(vault?.policies ?? []) ? [yourself()] : []),
        ...organizations.map(({ id, name }) => ({ value: id, label: printable(name) })),
      ],
      collections: vault?.collections ?? [],
      folders: vault?.folders ?? [],
    };
  }

  base(): FormBase {
    return emptyBase(this.type);
  }

  merge(): undefined {
    return undefined;
  }

  element(): undefined {
    return undefined;
  }

  accept(): () => void {
    // Nobody else has it.
    return () => undefined;
  }

  readCompared(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  read(): Promise<string | undefined> {
    return Promise.resolve('');
  }

  keep(edit: ItemEdit, place: FormPlace = this.place): Promise<void> {
    const content = { kind: 'new', item: this.#itemOf(edit, place) } as const;
    this.#isKept = true;
    return this.session.drafts.keep({ id: this.draftId, content, attempts: this.#attempts });
  }

  /** @returns whether it is kept now. Where the disk is full, what was typed can still be saved. */
  async keepIfPossible(edit: ItemEdit, place?: FormPlace): Promise<boolean> {
    try {
      await this.keep(edit, place);
      return true;
    } catch {
      return false;
    }
  }

  /** Whether there is a draft of it, as far as it could be written. */
  get isKept(): boolean {
    return this.#isKept;
  }

  get attempts(): readonly string[] {
    return this.#attempts;
  }

  discard(): Promise<void> {
    this.#isKept = false;
    return this.session.drafts.discard(this.draftId);
  }

  async save(edit: ItemEdit, place: FormPlace = this.place): Promise<string> {
    const id = await this.session.createItem(this.#itemOf(edit, place), {
      names: this.#attempts,
      willSend: async (name) => {
        this.#attempts = [...this.#attempts, name];
        await this.keepIfPossible(edit, place);
      },
    });
    await discarded(this);
    return id;
  }

  #itemOf(edit: ItemEdit, { organizationId, collectionIds }: FormPlace): NewItem {
    return {
      type: this.type,
      ...(organizationId === '' ? {} : { organizationId, collectionIds }),
      edit: { ...edit, name: edit.name ?? '' },
    };
  }
}

/** What is saved is not told to have failed since its draft is left over: to save that once more changes nothing. */
async function discarded(target: Pick<FormTarget, 'discard'>): Promise<void> {
  await target.discard().catch(() => undefined);
}

function yourself() {
  return { value: '', label: vscode.l10n.t('You') };
}

function openVault({ state }: Session): OpenVault | undefined {
  return state.kind === 'unlocked' ? state.vault : undefined;
}
