import type { ItemCard } from '../ui/item/messages';

/** Makers of what stands on a page. They know nothing of the item that is shown. */

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  if (text !== '') made.textContent = text;
  return made;
}

export function icon(name: string, className = ''): HTMLElement {
  const made = element('i', `codicon codicon-${name} ${className}`.trim());
  made.setAttribute('aria-hidden', 'true');
  return made;
}

export function toolButton(iconName: string, title: string, label: string): HTMLButtonElement {
  const button = element('button', 'tool');
  button.type = 'button';
  setToolButton(button, iconName, title, label);
  return button;
}

export function setToolButton(button: HTMLButtonElement, iconName: string, title: string, label: string): void {
  button.replaceChildren(icon(iconName));
  button.title = title;
  button.setAttribute('aria-label', `${title}, ${label}`);
}

export function listening(button: HTMLButtonElement, act: () => void): HTMLButtonElement {
  button.addEventListener('click', act);
  return button;
}

export function cardFace({ brand, number, holder, expires }: NonNullable<ItemCard['face']>): HTMLElement {
  const face = element('div', 'card');
  const line = (...texts: string[]) => {
    const part = element('div', 'line');
    part.append(...texts.map((text) => element('span', '', text)));
    return part;
  };
  face.append(line(brand, expires), element('div', 'number', number), line(holder));
  return face;
}

/** Digits and other characters look different, so that they are not taken for letters. */
export function inColours(text: string): Node[] {
  return (text.match(/\d+|\p{L}+|\s+|[^\d\p{L}\s]+/gu) ?? []).map((part) => {
    const kind = /\d/.test(part) ? 'digits' : /[\p{L}\s]/u.test(part) ? '' : 'symbols';
    return kind === '' ? document.createTextNode(part) : element('span', kind, part);
  });
}

/** Has screen readers say something else than what is there, as of a picture. */
export function speakAs(value: HTMLElement, text: string): void {
  value.setAttribute('role', 'img');
  value.setAttribute('aria-label', text);
}

export function speakAsIs(value: HTMLElement): void {
  value.removeAttribute('role');
  value.removeAttribute('aria-label');
}
