import type { PageOwner } from '../../src/ui/item/itemPage';

const nothing = () => undefined;

/** Stands in for what a page is in, and does nothing that it is asked for. */
export const pageOwner: PageOwner = { back: nothing, use: nothing, closedForm: nothing, focusMoved: nothing };
