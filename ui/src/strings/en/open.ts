import type id from '../id/open';

export default {
  'open.free': 'Every service is free of charge.',
  'open.go': 'Open application',
  'open.kind': 'Kind of application',
  'open.no_record': 'No biometric recording',
  'open.papers': 'Papers to bring',
  'open.records': 'With biometric recording',
  'open.renews': 'What is renewed',
  'open.renews_both': 'Photo and signature',
  'open.renews_portrait': 'The photo only',
  'open.renews_signature': 'The signature only',
  'open.title': 'Which application?',
} satisfies Record<keyof typeof id, string>;
