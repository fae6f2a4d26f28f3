import { element, icon, listening, toolButton } from './elements';
import { ControlElement, type SendFromForm } from './formControl';
import type {
  Added,
  ControlNews,
  FormBanner,
  FormCard,
  FormControl,
  FormEntry,
  FormList,
  FormSection,
  ToForm,
} from '../ui/item/formMessages';

/** The form of an item. It holds what is typed, and no decision: the extension says what is in it. */
export class FormElement {
  readonly all = element('form', 'form');
  readonly #badge = element('span', 'keptBadge');
  readonly #banner = element('div', 'banner');
  #controls = new Map<string, ControlElement>();
  #card: FormCard | undefined;

  constructor(
    private readonly send: SendFromForm,
    private readonly say: (text: string) => void,
  ) {
    this.#banner.setAttribute('role', 'status');
    this.all.noValidate = true;
    this.all.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send({ kind: 'save' });
    });
  }

  /** @returns false for a message about something else. */
  receive(message: ToForm): boolean {
    switch (message.kind) {
      case 'form':
        this.#show(message.form, message.focus);
        return true;
      case 'news':
        this.#tell(message.controls, message.badge);
        return true;
      case 'banner':
        this.#setBanner(message.banner);
        if (message.focus) this.#banner.querySelector('button')?.focus();
        return true;
      case 'focus':
        this.#controls.get(message.key)?.input.focus();
        return true;
      case 'shown':
        this.#controls.get(message.key)?.show(message.text, message.seconds);
        return true;
      case 'masked':
        this.#controls.get(message.key)?.mask(message.keeps);
        return true;
      case 'saving':
        this.#setSaving(message.isOn);
        return true;
      case 'compare':
        return false;
    }
  }

  onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.isComposing) {
      this.send({ kind: 'leave' });
      event.preventDefault();
      return;
    }
    const isArrow = event.key === 'ArrowUp' || event.key === 'ArrowDown';
    // A list opens by these keys.
    if (!event.altKey || !isArrow || event.target instanceof HTMLSelectElement) return;
    const entry = event.target instanceof Element ? event.target.closest<HTMLElement>('.entry') : null;
    if (entry?.dataset.id === undefined) return;
    event.preventDefault();
    this.send({ kind: 'move', id: entry.dataset.id, by: event.key === 'ArrowUp' ? -1 : 1 });
  }

  end(): void {
    for (const control of this.#controls.values()) control.end();
  }

  /** Boxes that were there before stay, with the cursor and what was typed. */
  #show(card: FormCard, focus: string | undefined): void {
    const before = document.activeElement;
    const former = this.#controls;
    this.#controls = new Map();
    this.#card = card;
    const { title, sections, flags, words } = card;
    const header = element('header', 'formTitle');
    header.append(element('h1', '', title), this.#badge);
    const foot = element('div', 'foot');
    const save = element('button', 'primary', words.save);
    const hint = element('kbd', '', words.saveKeys);
    hint.setAttribute('aria-hidden', 'true');
    save.append(hint);
    save.type = 'submit';
    save.setAttribute('aria-keyshortcuts', words.saveKeys === '⌘S' ? 'Meta+S' : 'Control+S');
    const discard = listening(element('button', 'secondary', words.discard), () => this.send({ kind: 'discard' }));
    discard.type = 'button';
    const actions = element('div', 'actions');
    actions.append(save, discard);
    const make = (control: FormControl) => this.#control(control, former);
    foot.append(actions);
    this.all.replaceChildren(
      header,
      this.#banner,
      ...sections.map((section) => this.#section(section, make)),
      grid(flags.map(make)),
      foot,
    );
    for (const [key, control] of former) if (!this.#controls.has(key)) control.end();
    this.#badge.textContent = card.badge;
    this.#setBanner(card.banner);
    const goOn = focus === undefined ? undefined : (this.#controls.get(focus)?.input ?? this.#entryInput(focus));
    if (goOn !== undefined) goOn.focus();
    else if (before instanceof HTMLElement && before !== document.activeElement && this.all.contains(before))
      before.focus();
  }

  #control(control: FormControl, former: ReadonlyMap<string, ControlElement>): HTMLElement {
    const kept = former.get(control.key);
    const fitting = kept?.fits(control) === true ? kept : undefined;
    const made = fitting ?? new ControlElement(control, this.#words, this.send);
    fitting?.update(control);
    this.#controls.set(control.key, made);
    return made.all;
  }

  get #words(): FormCard['words'] {
    if (this.#card === undefined) throw new Error('no form yet');
    return this.#card.words;
  }

  #section({ title, controls, list }: FormSection, make: (control: FormControl) => HTMLElement): HTMLElement {
    const section = element('section');
    if (title !== undefined) section.append(element('h2', '', title));
    section.append(grid(controls.map(make)));
    if (list !== undefined) section.append(...this.#list(list, make));
    return section;
  }

  #list({ id, entries, adds }: FormList, make: (control: FormControl) => HTMLElement): HTMLElement[] {
    const add = ({ what, label }: { readonly what: Added; readonly label: string }) => {
      const button = element('button', 'link', label);
      button.type = 'button';
      button.prepend(icon('add'));
      return listening(button, () => this.send({ kind: 'add', what }));
    };
    const all = element('div', 'adds');
    all.dataset.id = id;
    all.append(...adds.map(add));
    return [...entries.map((entry, at) => this.#entry(entry, at, entries.length, make)), all];
  }

  #entry(
    { id, label, controls }: FormEntry,
    at: number,
    of: number,
    make: (control: FormControl) => HTMLElement,
  ): HTMLElement {
    const entry = element('div', 'entry');
    entry.dataset.id = id;
    entry.setAttribute('role', 'group');
    entry.setAttribute('aria-label', label);
    const { moveUp, moveDown, remove } = this.#words;
    const move = (by: 1 | -1, iconName: string, title: string, shortcut: string) => {
      const button = listening(toolButton(iconName, title, label), () => this.send({ kind: 'move', id, by }));
      button.disabled = by === -1 ? at === 0 : at === of - 1;
      button.setAttribute('aria-keyshortcuts', shortcut);
      return button;
    };
    const tools = element('div', 'tools');
    tools.append(
      move(-1, 'arrow-up', moveUp, 'Alt+ArrowUp'),
      move(1, 'arrow-down', moveDown, 'Alt+ArrowDown'),
      listening(toolButton('close', remove, label), () => this.send({ kind: 'remove', id })),
    );
    entry.append(grid(controls.map(make)), tools);
    return entry;
  }

  #entryInput(id: string): HTMLElement | undefined {
    return this.all.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] :is(input, select, button)`) ?? undefined;
  }

  #tell(controls: readonly ControlNews[], badge: string): void {
    for (const each of controls) this.#controls.get(each.key)?.tell(each);
    this.#badge.textContent = badge;
  }

  #setBanner(banner: FormBanner | undefined): void {
    this.#banner.replaceChildren();
    this.#banner.hidden = banner === undefined;
    if (banner === undefined) return;
    this.#banner.append(icon('warning'), element('span', '', banner.text));
    const { action } = banner;
    if (action === undefined) return;
    const button = listening(element('button', 'link', action.label), () => this.send({ kind: action.does }));
    button.type = 'button';
    this.#banner.append(button);
  }

  #setSaving(isOn: boolean): void {
    this.all.inert = isOn;
    this.all.setAttribute('aria-busy', String(isOn));
    if (isOn) this.say(this.#words.saving);
  }
}

function grid(controls: readonly HTMLElement[]): HTMLElement {
  const all = element('div', 'controls');
  all.append(...controls);
  return all;
}
