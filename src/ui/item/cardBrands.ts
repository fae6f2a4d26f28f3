import * as vscode from 'vscode';

/** As official clients store them (clients: libs/common/src/vault/models/view/card.view.ts, getCardBrandByPatterns). */
const brands: readonly { readonly brand: string; readonly numbers: RegExp; readonly words?: () => string }[] = [
  { brand: 'Visa', numbers: /^4/ },
  { brand: 'Mastercard', numbers: /^(?:5[1-5]|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))/ },
  { brand: 'Amex', numbers: /^3[47]/, words: () => 'American Express' },
  { brand: 'Discover', numbers: /^(?:6011|65|64[4-9]|622(?:12[6-9]|1[3-9]\d|[2-8]\d\d|9[01]\d|92[0-5]))/ },
  { brand: 'Diners Club', numbers: /^(?:36|38|30[0-5])/ },
  { brand: 'JCB', numbers: /^35(?:2[89]|[3-8]\d)/ },
  { brand: 'Maestro', numbers: /^(?:5018|5020|5038|6304|6759|676[1-3])/ },
  { brand: 'UnionPay', numbers: /^62/ },
  { brand: 'RuPay', numbers: /^(?:508[5-9]|60(?:80|98|99)|607|6521|6522|81|82)/ },
  { brand: 'Other', numbers: /(?!)/, words: () => vscode.l10n.t('Other') },
];

/** For a choice. */
export const brandOptions = () => brands.map(({ brand, words }) => ({ value: brand, label: words?.() ?? brand }));

/** The brand of a card by its number. Undefined: the number tells none. */
export function brandOf(number: string): string | undefined {
  const digits = number.replaceAll(/\D/g, '');
  // A number of UnionPay may begin as one of Discover, which official clients look at first.
  return brands.find(({ numbers }) => numbers.test(digits))?.brand;
}
