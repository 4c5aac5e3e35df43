// A dialog that is read when it is first opened: what most visits never see does not stand in the way of the window.
import { session } from './session.svelte';

export class Later<C> {
  #load: () => Promise<{ default: C }>;
  #part = $state.raw<C | undefined>();
  #wanted = $state(false);

  constructor(load: () => Promise<{ default: C }>) {
    this.#load = load;
  }

  /** What is to be shown: nothing while it is closed, nor while it is still being read. */
  get part(): C | undefined {
    return this.#wanted ? this.#part : undefined;
  }

  /** Opens it; one that cannot be read is told on the page, and stays closed. */
  async open(): Promise<void> {
    this.#part ??= (await session.part(this.#load))?.default;
    this.#wanted = this.#part !== undefined;
  }

  close(): void {
    this.#wanted = false;
  }
}
