import type id from '../id/applicant';

export default {
  'applicant.title': 'Welcome',
} satisfies Record<keyof typeof id, string>;
