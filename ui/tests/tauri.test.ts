import { describe, expect, it } from 'vitest';
import contract from '../src/lib/backend/contract.ts?raw';
import { readFrame, shellBackend } from '../src/lib/backend/tauri';

describe('the way to the shell', () => {
  it('reads a preview message of length, JSON and JPEG', async () => {
    const json = new TextEncoder().encode(
      JSON.stringify({ seq: 7, at: 1, droppedBefore: 2, face: null, checks: [], advice: null }),
    );
    const message = new Uint8Array(4 + json.length + 3);
    new DataView(message.buffer).setUint32(0, json.length);
    message.set(json, 4);
    message.set([0xff, 0xd8, 0xff], 4 + json.length);
    const { measure, jpeg } = readFrame(message.buffer);
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
});
