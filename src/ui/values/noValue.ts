import * as vscode from 'vscode';
import type { Field } from '../../vault/fields';
import type { Item } from '../../vault/items';
import type { ItemAction } from '../itemActions';
import { fieldLabel, itemName, linkedLabel } from '../labels';
import { withoutLinks } from '../untrustedText';

/** Why there is nothing to copy, show or open in a field. */
export function noValue(item: Item, field: Field): string {
  const [label, name] = [fieldLabel(field), itemName(item)];
  if (field.state !== 'linked') return withoutLinks(vscode.l10n.t('{0} of {1} has no value.', label, name));
  const linkedTo = linkedLabel(field);
  return withoutLinks(vscode.l10n.t('{0} of {1} only stands for another field: {2}.', label, name, linkedTo));
}

/** Why there is nothing of the kind in an item. */
export function nothingThere(item: Item, wanted: ItemAction['value']): string {
  switch (item.closed) {
    case 'unsupported':
      return vscode.l10n.t('This item is encrypted in a way that Vaultside does not know. Open it in the web vault.');
    case 'noKey':
      return vscode.l10n.t('This item cannot be opened: none of your keys fits.');
    case undefined: {
      const name = itemName(item);
      const sentence =
        wanted === 'any'
          ? vscode.l10n.t('There is nothing to copy or to show in {0}.', name)
          : vscode.l10n.t('There is no value of that kind in {0}.', name);
      return withoutLinks(sentence);
    }
  }
}
