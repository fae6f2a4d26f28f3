import { element, listening, setToolButton, toolButton } from './elements';
import type { SendFromForm } from './formControl';
import { type CompareCard, type ComparedField, type Taken, type ToForm } from '../ui/item/formMessages';

/** A value that is seen once it is revealed. */
interface Covered {
  readonly value: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly label: string;
  /** What is seen before. */
  readonly cover: string;
}

/** What was changed both here and elsewhere, side by side. Nothing is taken over before the user says so. */
export class CompareElement {
  readonly all = element('form', 'form compare');
  readonly #values = new Map<string, Covered>();

  constructor(
    private readonly card: CompareCard,
    private readonly send: SendFromForm,
  ) {
    const { title, explanation, fields, words } = card;
    const header = element('header', 'formTitle');
    header.append(element('h1', '', title));
    const actions = element('div', 'actions');
    const use = element('button', 'primary', words.use);
    use.type = 'submit';
    const back = listening(element('button', 'secondary', words.back), () => send({ kind: 'leave' }));
    back.type = 'button';
    actions.append(use, back);
    const foot = element('div', 'foot');
    foot.append(actions);
    this.all.append(header, element('p', 'notes', explanation), ...fields.map((field) => this.#field(field)), foot);
    this.all.addEventListener('submit', (event) => {
      event.preventDefault();
      send({ kind: 'take', choices: this.#choices() });
    });
  }

  focus(): void {
    this.all.querySelector<HTMLElement>('input:checked')?.focus();
  }

  receive(message: ToForm): void {
    if (message.kind === 'shown') this.#show(message.key, message.text);
    else if (message.kind === 'masked') this.#show(message.key, undefined);
  }

  onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.send({ kind: 'leave' });
  }

  #field({ key, label, isSecret, theirs, mine, choices }: ComparedField): HTMLElement {
    const all = element('fieldset', 'compared');
    all.append(element('legend', '', label));
    const sides = element('div', 'sides');
    const texts: Readonly<Partial<Record<Taken, string>>> = { theirs, mine };
    sides.append(...choices.map((side) => this.#side(key, label, side, texts[side], isSecret)));
    all.append(sides);
    return all;
  }

  #side(key: string, label: string, side: Taken, text: string | undefined, isSecret: boolean): HTMLElement {
    const { words } = this.card;
    const all = element('div', 'side');
    const radio = element('input');
    radio.type = 'radio';
    radio.name = key;
    radio.value = side;
    radio.checked = side === 'mine';
    radio.id = `${key}-${side}`;
    const name = element('label', '', words[side]);
    name.htmlFor = radio.id;
    const head = element('div', 'sideHead');
    head.append(radio, name);
    all.append(head);
    if (text === undefined) return all;
    const value = element('div', 'value', isSecret ? '' : text || words.none);
    value.id = `${radio.id}-value`;
    radio.setAttribute('aria-describedby', value.id);
    all.append(value);
    if (!isSecret) return all;
    const place = `${side}.${key}`;
    const spoken = `${label}, ${words[side]}`;
    const button = toolButton('eye', words.reveal, spoken);
    listening(button, () => {
      const isShown = value.classList.contains('revealed');
      this.send(isShown ? { kind: 'mask', key: place } : { kind: 'show', key: place });
    });
    this.#values.set(place, { value, button, label: spoken, cover: text || words.masked });
    this.#show(place, undefined);
    head.append(button);
    return all;
  }

  /** @param text undefined: it is masked. */
  #show(place: string, text: string | undefined): void {
    const shown = this.#values.get(place);
    if (shown === undefined) return;
    const { words } = this.card;
    const { value, button, label, cover } = shown;
    value.textContent = text ?? cover;
    value.classList.toggle('revealed', text !== undefined);
    const [iconName, title] = text === undefined ? ['eye', words.reveal] : ['eye-closed', words.hide];
    setToolButton(button, iconName, title, label);
  }

  #choices(): Record<string, Taken> {
    const checked = this.all.querySelectorAll<HTMLInputElement>('input:checked');
    return Object.fromEntries([...checked].map(({ name, value }) => [name, value as Taken]));
  }
}
