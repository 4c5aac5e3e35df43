import type id from '../id/open';

export default {
  'open.free': 'Every service is free of charge.',
  'open.go': 'Open application',
  'open.kind': 'Kind of application',
  'open.no_record': 'No biometric recording',
  'open.papers': 'Papers to bring',
  'open.records': 'With biometric recording',
  'open.title': 'Which application?',
} satisfies Record<keyof typeof id, string>;
