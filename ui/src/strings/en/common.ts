import type id from '../id/common';

export default {
  'common.actions': 'Actions',
  'common.add': 'Add',
  'common.back': 'Back',
  'common.cancel': 'Cancel',
  'common.choose': 'Choose',
  'common.close': 'Close',
  'common.happened': 'What happened',
  'common.judged': 'You confirm',
  'common.loading': 'Reading from this computer',
  'common.measured': 'Measured by Rekam',
  'common.next': 'What next',
  'common.none_found': 'Not found',
  'common.note': 'Note',
  'common.optional': 'optional',
  'common.reason': 'Reason',
  'common.safe': 'What is safe',
  'common.save': 'Save',
  'common.saved_at': 'saved {at}',
  'common.today': 'today',
} satisfies Record<keyof typeof id, string>;
