// One application in step 4: what the shell last said, what is running, what failed.
import type { AppError, Backend, BackendEvent, Capture, DeviceRole, Permohonan } from '$lib/backend/contract';

/** What runs now: its name and, when it can be called off, the devices of which one is busy. */
export interface Running {
  name: string;
  devices: DeviceRole[];
  since: number;
}

export class CaptureSession {
  capture = $state.raw<Capture | null>(null);
  permohonan = $state.raw<Permohonan | null>(null);
  running = $state.raw<Running | null>(null);
  failed = $state.raw<AppError | null>(null);
  /** The exceptions page is open over the modality. */
  exceptionsOpen = $state(false);
  /** The applicant signs in this window. */
  turned = $state(false);
  /** Somebody is drawing: nothing is put over the canvas. */
  drawing = $state(false);
  /** When what runs now is over. */
  private over: Promise<void> = Promise.resolve();

  constructor(
    readonly backend: Backend,
    readonly id: string,
    private readonly moved: (p: Permohonan) => void,
    private readonly left: () => void,
  ) {}

  /** Reads everything afresh; used at the start and whenever the shell says that something changed. */
  async load(): Promise<void> {
    try {
      const [capture, permohonan] = await Promise.all([
        this.backend.capture(this.id),
        this.backend.permohonan(this.id),
      ]);
      this.capture = capture;
      this.permohonan = permohonan;
    } catch (problem) {
      this.failed = asAppError(problem);
    }
  }

  /** Whether an event of the shell is about this screen. */
  concerns(event: BackendEvent): boolean {
    if (event.event === 'permohonan_changed') return event.id === this.id;
    return event.event === 'devices_changed' || event.event === 'applicant_changed';
  }

  /** Runs once nothing else does: for what was written, which must not be lost because something runs. */
  async after<T>(name: string, call: (b: Backend) => Promise<T>, ...devices: DeviceRole[]): Promise<T | null> {
    let before: AppError | null = null;
    while (this.running) {
      await this.over;
      before ??= this.failed;
    }
    const answer = await this.run(name, call, ...devices);
    // What was waited for could not be done: that is still to be read.
    this.failed ??= before;
    return answer;
  }

  /** Runs one call at a time and keeps what it answers. A second key while one runs does nothing. */
  async run<T>(name: string, call: (b: Backend) => Promise<T>, ...devices: DeviceRole[]): Promise<T | null> {
    if (this.running) return null;
    let over = (): void => undefined;
    this.over = new Promise((done) => (over = done));
    this.running = { name, devices, since: Date.now() };
    this.failed = null;
    try {
      const answer = await call(this.backend);
      this.keep(answer);
      return answer;
    } catch (problem) {
      const error = asAppError(problem);
      if (error.code !== 'cancelled') this.failed = error;
      // A failed capture may have changed the state of a device or an attempt: show what is true now.
      await this.refresh();
      return null;
    } finally {
      this.running = null;
      over();
    }
  }

  /** Calls off the device that is busy. */
  async cancel(): Promise<void> {
    const devices = this.running?.devices ?? [];
    await Promise.all(devices.map((device) => this.backend.cancelDevice(device).catch(() => undefined)));
  }

  /** Finishes step 4. */
  async finish(): Promise<void> {
    const p = await this.run('finish', (b) => b.finishCapture(this.id));
    if (p) this.moved(p);
  }

  /** Back to the form; what was recorded is kept. */
  async toForm(): Promise<void> {
    const p = await this.run('form', (b) => b.goBack(this.id, 'form'));
    if (p) this.moved(p);
  }

  /** Pauses the application and goes home: its step is still the operator's own, so that following it would stay here. */
  async pause(): Promise<void> {
    if (await this.after('pause', (b) => b.pause(this.id))) this.left();
  }

  isRunning(name: string): boolean {
    return this.running?.name === name;
  }

  private async refresh(): Promise<void> {
    try {
      this.capture = await this.backend.capture(this.id);
    } catch {
      // The first failure is already on screen; a second one adds nothing.
    }
  }

  private keep(answer: unknown): void {
    if (!answer || typeof answer !== 'object') return;
    if ('capture' in answer && answer.capture) this.capture = answer.capture as Capture;
    else if ('modality' in answer && 'tabs' in answer) this.capture = answer as Capture;
  }
}

/** Anything thrown, as the error the window can word. */
export function asAppError(problem: unknown): AppError {
  if (problem && typeof problem === 'object' && 'key' in problem && 'code' in problem) {
    const p = problem as Partial<AppError>;
    return { code: String(p.code), key: String(p.key), tone: p.tone === 'bad' ? 'bad' : 'hold', args: p.args ?? {} };
  }
  return { code: 'unknown', key: 'unknown', tone: 'bad', args: {} };
}
