import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { Session } from '../../account/session';
import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { ItemEdit } from '../../vault/edit/itemEdit';
import type { Merge } from '../../vault/edit/merge';
import { GoneElsewhereError } from '../../vault/errors';
import type { Field } from '../../vault/fields';
import type { Item } from '../../vault/items';
import type { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import { typeName } from '../itemWords';
import { itemName } from '../labels';
import type { ItemValues } from '../values/itemValues';
import type { FormLook, FormPlace } from './describeForm';
import { type Draft, draftsOf } from './drafts';
import { baseOf, emptyBase } from './formBase';
import type { FormBase } from './formState';
import type { FormTarget } from './itemForm';

export type KnownItem = Item & { readonly type: KnownItemType };

/** An item that is being changed. */
export class EditTarget implements FormTarget {
  readonly type: KnownItemType;
  readonly itemId: string;
  readonly place = undefined;
  readonly title: string;
  /** The item as the server had sent it when the form began. */
  #base: Uint8Array;

  constructor(
    private readonly values: Pick<ItemValues, 'readStored'>,
    readonly session: Session,
    private readonly begun: {
      readonly item: KnownItem;
      readonly proof: MasterPasswordProof | undefined;
      readonly draft: Draft | undefined;
    },
  ) {
    const { item, draft } = begun;
    this.type = item.type;
    this.itemId = item.id;
    this.title = vscode.l10n.t('Edit {0}', itemName(item));
    this.#base = draft?.base ?? this.#now ?? NOTHING;
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
    const now = this.#now;
    const isAsItWas = now === undefined || Buffer.from(now).equals(this.#base);
    return isAsItWas ? undefined : openVault(this.session)?.merge(this.itemId, this.#base, edit);
  }

  accept(): void {
    this.#base = this.#now ?? this.#base;
  }

  async read(field: Field): Promise<string | undefined> {
    const { session } = this;
    const vault = openVault(session);
    const item = vault?.item(this.itemId);
    if (vault === undefined || item === undefined) throw new GoneElsewhereError('item');
    return this.values.readStored({ session, vault, item, field });
  }

  keep(edit: ItemEdit): Promise<void> {
    return draftsOf(this.session).keep({ id: this.itemId, type: this.type, edit, base: this.#base });
  }

  discard(): Promise<void> {
    return draftsOf(this.session).remove(this.itemId);
  }

  async save(edit: ItemEdit): Promise<string> {
    await this.session.saveItem(this.itemId, edit, this.#base, this.begun.proof);
    await this.discard();
    return this.itemId;
  }

  get #now(): Uint8Array | undefined {
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
  readonly #id: string;
  /** The encrypted names by which attempts to create it are known. */
  #names: readonly string[];

  constructor(
    readonly session: Session,
    { id, type, place, names }: Pick<Draft, 'id' | 'type' | 'place' | 'names'>,
  ) {
    this.#id = id;
    this.type = type;
    this.title = vscode.l10n.t('New {0}', typeName(type));
    this.place = place ?? { organizationId: '', collectionIds: [] };
    this.#names = names ?? [];
  }

  look(): Pick<FormLook, 'owners' | 'collections' | 'folders'> {
    const vault = openVault(this.session);
    const organizations = vault?.organizations ?? [];
    return {
      owners: [yourself(), ...organizations.map(({ id, name }) => ({ value: id, label: printable(name) }))],
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

  accept(): void {
    // Nobody else has it.
  }

  read(): Promise<string | undefined> {
    return Promise.resolve('');
  }

  keep(edit: ItemEdit, place: FormPlace | undefined): Promise<void> {
    return draftsOf(this.session).keep({ id: this.#id, type: this.type, edit, place, names: this.#names });
  }

  discard(): Promise<void> {
    return draftsOf(this.session).remove(this.#id);
  }

  async save(edit: ItemEdit, place: FormPlace | undefined): Promise<string> {
    const { organizationId = '', collectionIds = [] } = place ?? {};
    const id = await this.session.createItem(
      {
        type: this.type,
        ...(organizationId === '' ? {} : { organizationId, collectionIds }),
        edit: { ...edit, name: edit.name ?? '' },
      },
      {
        names: this.#names,
        willSend: (name) => {
          this.#names = [...this.#names, name];
          return this.keep(edit, place);
        },
      },
    );
    await this.discard();
    return id;
  }
}

function yourself() {
  return { value: '', label: vscode.l10n.t('You') };
}

function openVault({ state }: Session): OpenVault | undefined {
  return state.kind === 'unlocked' ? state.vault : undefined;
}
