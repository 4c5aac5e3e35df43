// What a question about mixed-up hands or eyes says; the same on the page of the fingers and beside the second match.
import type { Notice } from '$lib/backend/contract';
import { t } from './kit';

/** What to do about it; `parts` are its parts as they are read. */
export function noticeDetail(notice: Notice, parts = ''): string {
  if (notice.kind === 'hands_swapped' && notice.parts.length === 0) return t('capture.notice.hands_swapped.retaken');
  return t(`capture.notice.${notice.kind}.detail`, { parts });
}
