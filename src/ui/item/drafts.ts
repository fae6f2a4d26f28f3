import type { Session } from '../../account/session';
import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { ItemEdit } from '../../vault/edit/itemEdit';
import type { FormPlace } from './describeForm';

/** What was changed in a form and not saved. */
export interface Draft {
  /** The id of the item; of a new one a random one. */
  readonly id: string;
  readonly edit: ItemEdit;
  /** The item as it was when the edit began: see OpenVault.element. Undefined: it is new. */
  readonly base?: Uint8Array | undefined;
  readonly type: KnownItemType;
  readonly place?: FormPlace | undefined;
  /** The encrypted names of attempts to create it. */
  readonly names?: readonly string[] | undefined;
}

export interface Drafts {
  of(id: string): Promise<Draft | undefined>;
  list(): Promise<readonly Draft[]>;
  keep(draft: Draft): Promise<void>;
  remove(id: string): Promise<void>;
}

const kept = new WeakMap<object, Map<string, Draft>>();

export function draftsOf(session: Session): Drafts {
  const map = kept.get(session) ?? new Map<string, Draft>();
  kept.set(session, map);
  return {
    of: (id) => Promise.resolve(map.get(id)),
    list: () => Promise.resolve([...map.values()]),
    keep: (draft) => Promise.resolve(void map.set(draft.id, draft)),
    remove: (id) => Promise.resolve(void map.delete(id)),
  };
}
