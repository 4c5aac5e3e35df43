import type { AppError } from '$lib/backend/contract';
import { appError } from './session.svelte';

/** One act of a dialog: while it runs it is not begun again, and a refusal stays in the dialog to be read. */
export class Attempt {
  busy = $state(false);
  failed = $state.raw<AppError | null>(null);

  /** True when `work` went through; else `failed` says why not. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failed = null;
    try {
      await work();
      return true;
    } catch (e) {
      this.failed = appError(e);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** As `run`, and closes the dialog once it went through. */
  async close(close: () => unknown, work: () => Promise<unknown>): Promise<void> {
    if (await this.run(work)) close();
  }
}
