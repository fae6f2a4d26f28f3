import { Column } from './column';
import { fold } from '../fold';
import type { Item, Listed } from '../items';

/** Which places have a word in their names: 1 for those by number. Undefined: none. */
export type PlaceMask = Uint8Array | undefined;

/** Folders, organisations and collections by number, so that it takes little time to tell whether an item is in one. */
export class PlaceIndex {
  readonly #numbers = new Map<string, number>();
  readonly #ids: readonly string[];
  readonly #names: Column;

  constructor({ folders, organizations, collections }: Omit<Listed, 'items'>) {
    const places = [folders, organizations, collections].flat();
    for (const { id } of places) if (!this.#numbers.has(id)) this.#numbers.set(id, this.#numbers.size);
    this.#ids = places.map(({ id }) => id);
    this.#names = new Column(places.map(({ name }) => fold(name)));
  }

  having(word: string): PlaceMask {
    let mask: PlaceMask;
    this.#names.eachPlace(word, (place) => {
      mask ??= new Uint8Array(this.#numbers.size);
      mask[this.#numbers.get(this.#ids[place] ?? '') ?? 0] = 1;
      return place + 1;
    });
    return mask;
  }

  /** The numbers of what an item is in. */
  of({ folderId, organizationId, collectionIds }: Item): readonly number[] {
    const ids = [folderId, organizationId, ...collectionIds];
    return ids.map((id) => (id === undefined ? undefined : this.#numbers.get(id))).filter((each) => each !== undefined);
  }
}
