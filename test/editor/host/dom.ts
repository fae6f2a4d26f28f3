/** The parts of the DOM that tests read inside the browser. The project is compiled without the DOM library. */
export type DomElement = {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): DomElement | null;
  getBoundingClientRect(): { readonly top: number };
};
