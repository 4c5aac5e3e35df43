import { describe, expect, it } from 'vitest';
import type { DeviceLine } from '$lib/backend/contract';
import { padOffered } from './pad';

const desk = (state: DeviceLine['state']): DeviceLine[] => [
  { role: 'camera', state: 'ready' },
  { role: 'signature_pad', state },
];

describe('the wired pad', () => {
  it('is offered when it is plugged in, also before it was ever opened', () => {
    expect(padOffered(desk('ready'))).toBe(true);
    expect(padOffered(desk('present'))).toBe(true);
  });

  it('is not offered while it is away, out of order or being used', () => {
    for (const state of ['absent', 'faulted', 'busy', 'opening'] as const) {
      expect(padOffered(desk(state)), state).toBe(false);
    }
    expect(padOffered([{ role: 'camera', state: 'ready' }]), 'no pad in the settings').toBe(false);
  });
});
