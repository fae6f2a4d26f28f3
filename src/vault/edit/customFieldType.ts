import type { CustomFieldType } from './itemEdit';

/** In the order of their numbers (clients: libs/common/src/vault/enums/field-type.enum.ts). */
const types = ['text', 'hidden', 'boolean', 'linked'] as const satisfies readonly CustomFieldType[];

/** The number that the wire has for it. */
export function customFieldNumber(type: CustomFieldType): number {
  return types.indexOf(type);
}

/** The reverse of {@link customFieldNumber}; undefined for a number that we do not know. */
export function customFieldType(number: number): CustomFieldType | undefined {
  return types[number];
}
