import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import contract from '../src/lib/backend/contract.ts?raw';
import { readFrame, shellBackend } from '../src/lib/backend/tauri';

afterEach(clearMocks);

/** A preview message as the shell sends it. */
function frame(seq: number): ArrayBuffer {
  const json = new TextEncoder().encode(
    JSON.stringify({ seq, at: 1, droppedBefore: 2, face: null, checks: [], advice: null }),
  );
  const message = new Uint8Array(4 + json.length + 3);
  new DataView(message.buffer).setUint32(0, json.length);
  message.set(json, 4);
  message.set([0xff, 0xd8, 0xff], 4 + json.length);
  return message.buffer;
}

/** A shell that opens each preview only when it is told to; what it was asked, but for the opening itself. */
function slowShell() {
  const asked: [string, unknown][] = [];
  const opens: ((number: number) => void)[] = [];
  const channels: number[] = [];
  mockIPC((command, args) => {
    if (command !== 'preview') {
      asked.push([command, args]);
      return null;
    }
    channels.push((args as { channel: { id: number } }).channel.id);
    return new Promise<number>((open) => opens.push(open));
  });
  const internals = (window as unknown as { __TAURI_INTERNALS__: { runCallback(id: number, data: unknown): void } })
    .__TAURI_INTERNALS__;
  const send = (at: number, seq: number) => internals.runCallback(channels[at]!, { index: 0, message: frame(seq) });
  return { asked, opens, send };
}

describe('the way to the shell', () => {
  it('reads a preview message of length, JSON and JPEG', () => {
    const { measure, jpeg } = readFrame(frame(7));
    expect(measure.seq, 'what was measured').toBe(7);
    expect(jpeg.size, 'the picture is the rest').toBe(3);
    expect(jpeg.type, 'painted as JPEG').toBe('image/jpeg');
  });

  it('has every method of the contract', () => {
    const body = contract.slice(contract.indexOf('export interface Backend {'));
    const names = [...body.matchAll(/^ {2}(\w+)\(/gm)].map((m) => m[1]!);
    expect(names.length, 'the contract was read').toBeGreaterThan(70);
    expect(Object.keys(shellBackend).sort(), 'one door, nothing missing, nothing extra').toEqual(names.sort());
  });

  it('stops and acknowledges its own preview, also when the next one of the device was open before', async () => {
    const { asked, opens, send } = slowShell();
    const paint = vi.fn(() => Promise.resolve());
    const left = shellBackend.preview('fingerprint_scanner', null, 'left_four', paint);
    const shown = shellBackend.preview('fingerprint_scanner', null, 'left_four', paint);
    opens[1]!(2);
    await shown;
    opens[0]!(1);
    await (
      await left
    )();
    expect(asked, 'the one that was left, and no other').toEqual([['preview_stop', { number: 1 }]]);
    send(1, 5);
    await vi.waitFor(() => expect(asked[1]).toEqual(['preview_ack', { number: 2, seq: 5 }]));
    expect(paint, 'the one that is shown goes on').toHaveBeenCalledTimes(1);
    await (
      await shown
    )();
    expect(asked[2]).toEqual(['preview_stop', { number: 2 }]);
  });

  it('acknowledges a frame that was there before the number of its preview', async () => {
    const { asked, opens, send } = slowShell();
    const paint = vi.fn(() => Promise.resolve());
    const started = shellBackend.preview('camera', null, null, paint);
    send(0, 0);
    await vi.waitFor(() => expect(paint).toHaveBeenCalled());
    expect(asked, 'under no number there is nothing to say').toEqual([]);
    opens[0]!(9);
    await started;
    await vi.waitFor(() => expect(asked).toEqual([['preview_ack', { number: 9, seq: 0 }]]));
  });
});
