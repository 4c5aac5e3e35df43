import { describe, expect, it } from 'vitest';
import type { FingerName, FingerState, SlapState } from '$lib/backend/contract';
import { ON_GLASS, attention, bars, currentSlap, slapOf, tipLook, tipWord, unreadNow } from './hands';

const finger = (name: FingerName, state: FingerState['state'], reasons: string[] = []): FingerState => ({
  finger: name,
  state,
  captureId: null,
  attempts: 1,
  quality: { score: 38, source: 'rekam', reasons, good: state === 'good' },
});
const slap = (name: SlapState['slap'], state: SlapState['state']): SlapState => ({
  slap: name,
  state,
  attempts: 0,
  tries: 0,
  unread: null,
  bestAttempt: null,
  accepted: null,
  expected: [],
});

describe('ten fingers drawn as two hands', () => {
  it('puts every finger into the slap in which it is captured', () => {
    expect(slapOf('right_thumb')).toBe('thumbs');
    expect(slapOf('left_thumb')).toBe('thumbs');
    expect(slapOf('right_little')).toBe('right_four');
    expect(slapOf('left_index')).toBe('left_four');
  });

  it('shows the fingers of the current slap as next and the others as later', () => {
    expect(tipLook(finger('left_ring', 'pending'), 'left_four', false)).toBe('next');
    expect(tipLook(finger('left_thumb', 'pending'), 'left_four', false)).toBe('later');
  });

  it('shows an exception whatever is being read', () => {
    expect(tipLook(finger('left_little', 'exception'), 'left_four', true)).toBe('exception');
  });

  it('shows what is read now, and keeps amber for a finger that is already known to be weak', () => {
    expect(tipLook(finger('left_ring', 'pending'), 'left_four', true)).toBe('reading');
    expect(tipLook(finger('left_index', 'weak'), 'left_four', true)).toBe('lifting');
    expect(tipLook(finger('right_ring', 'weak'), 'left_four', true), 'the other hand is not on the glass').toBe('weak');
  });

  it('names a weak finger by its first reason', () => {
    expect(tipWord(finger('right_ring', 'weak', ['dry', 'small_area']), 'weak')).toEqual({ reason: 'dry' });
    expect(tipWord(finger('right_ring', 'good', ['dry']), 'good'), 'a good finger is simply good').toEqual({
      look: 'good',
    });
  });

  it('finds the slap that waits', () => {
    expect(currentSlap([slap('right_four', 'done'), slap('left_four', 'pending'), slap('thumbs', 'current')])).toBe(
      'thumbs',
    );
    expect(currentSlap([slap('right_four', 'done'), slap('left_four', 'pending'), slap('thumbs', 'pending')])).toBe(
      'left_four',
    );
    expect(currentSlap([slap('right_four', 'done'), slap('left_four', 'excepted'), slap('thumbs', 'done')])).toBeNull();
  });

  it('lists weak fingers and exceptions, right hand first', () => {
    const list = attention({
      exceptions: [],
      slaps: [],
      fingers: [
        finger('left_little', 'exception'),
        finger('right_index', 'good'),
        finger('right_ring', 'weak', ['dry']),
      ],
    });
    expect(list.map((a) => a.finger)).toEqual(['right_ring', 'left_little']);
    expect(list[0]?.reason).toBe('dry');
  });

  it('lists the finger that a press named as not read, and none when the whole hand was not', () => {
    const hand = (fingers: FingerName[], reason = 'not_read'): SlapState => ({
      ...slap('right_four', 'current'),
      tries: 2,
      expected: ON_GLASS.right_four,
      unread: { at: '', reason, fingers },
    });
    const fingers = ON_GLASS.right_four.map((name) => finger(name, 'pending'));
    const one = hand(['right_ring']);
    const list = attention({ exceptions: [], slaps: [one], fingers });
    expect(list.map((a) => [a.finger, a.kind, a.reason, a.attempts])).toEqual([
      ['right_ring', 'unread', 'not_read', 2],
    ]);
    const weak = [...fingers.slice(0, 2), finger('right_ring', 'weak', ['dry'])];
    expect(attention({ exceptions: [], slaps: [one], fingers: weak })[0]?.kind, 'read before').toBe('weak');
    const all = hand(ON_GLASS.right_four, 'nothing_seen');
    expect(attention({ exceptions: [], slaps: [all], fingers })).toEqual([]);
    expect([one, all, slap('right_four', 'current')].map(unreadNow)).toEqual([
      { seen: true, some: ['right_ring'] },
      { seen: false, some: [] },
      null,
    ]);
  });

  it('draws a score as one to four bars and nothing when there is none', () => {
    expect([null, 0, 25, 26, 74, 100].map(bars)).toEqual([0, 1, 1, 2, 3, 4]);
  });
});
