// Findings of the exchange in words: the centre's own word is told as a person would say it, and a foreign one as it came.
import { describe, expect, it } from 'vitest';
import { centreWhy, findingWords } from '$lib/domain/sync_words';

describe('findings', () => {
  it('names the card and the status of the centre in words', () => {
    const words = findingWords('card_request_refused', '2026-11-27/K-001 (not_now_DUPLICATE_RECORD)');
    expect(words.happened).toContain('2026-11-27/K-001 (Rekaman ganda)');
    expect(words.next).not.toBe('');
  });
  it('says that the request of a card ended, and not in the word of the wire', () => {
    const words = findingWords('card_issue_refused', '2026-11-27/K-001 (not_now_OTHER_CARD)');
    expect(words.happened).toContain('(permintaannya sudah berakhir di pusat');
    expect(words.next).toContain('ditutup');
  });
  it('says why a recording is to be made again, and leaves a subject without a reason alone', () => {
    expect(findingWords('re_record', '57, A-016 (image_unreadable)').happened).toContain('gambar tidak terbaca');
    expect(findingWords('gap', '2-3').happened).toContain('2-3');
  });
  it('keeps a word that nobody here knows', () => {
    expect(centreWhy('moon_phase')).toBe('moon_phase');
  });
});
