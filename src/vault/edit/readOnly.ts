/**
 * Why the content of an item is not changed here.
 *
 * - `trashed`: it has to be restored first.
 * - `notAllowed`: its organisation lets the user read it.
 * - `sealed`: its content is sealed as a whole, which we only read.
 * - `unknown`: it is of a type or a shape that we do not know, so that we would harm what we do not understand.
 * - `unreadable`: it has values that do not open, which may be those of another key.
 */
export type ReadOnlyReason = 'trashed' | 'notAllowed' | 'sealed' | 'unknown' | 'unreadable';
