import type id from '../id/errors_card';

export default {
  'errors.camera_there.happened': 'This spoiled card has no photo yet, and a camera is connected.',
  'errors.camera_there.next': 'Photograph the card. A note is for desks without a camera.',
  'errors.camera_there.safe': 'The card is recorded as spoiled.',
  'errors.card_data_differ.happened': 'The centre’s data are not those of the verified form.',
  'errors.card_data_differ.next':
    'Where the centre is not right yet, ask that its data be corrected. Where the form is wrong, go back to step 3.',
  'errors.card_data_differ.safe': 'Nothing was printed, the blank stays in the stock.',
  'errors.card_data_disputed.happened': 'The centre’s data are still those of the card that was called wrong.',
  'errors.card_data_disputed.next':
    'Ask that the data be corrected at the centre; this station asks again by itself. Where they turn out right, go back to step 3.',
  'errors.card_data_disputed.safe': 'Nothing was printed, the blank stays in the stock.',
  'errors.card_data_missing.happened': 'The data for the card are incomplete.',
  'errors.card_data_missing.next': 'Complete what this page lists, or wait for the centre’s data.',
  'errors.card_data_missing.safe': 'Nothing was printed.',
  'errors.card_does_not_fit.happened':
    'Something does not fit on the card, or has a letter that the typeface of the card lacks.',
  'errors.card_does_not_fit.next':
    'Ask the office to adjust its card template (kartu.toml), or correct an entry that is wrong.',
  'errors.card_does_not_fit.safe': 'Nothing was printed, the blangko stays in the stock.',
  'errors.card_inside_first.happened':
    'The card of an application may still be inside the printer, so this spoiled card cannot be taken in yet.',
  'errors.card_inside_first.next': 'Bring that card out first at step 8 or under Apparatus (F7), then try again.',
  'errors.card_inside_first.safe': 'The printer has not moved and nothing in the book has changed.',
  'errors.card_not_printed.happened': 'This card came out before its face was printed.',
  'errors.card_not_printed.next':
    'Record it as spoiled with F6. Only where its chip was not touched: as not printed with F8.',
  'errors.card_not_printed.safe': 'Its blangko is still recorded as being in the printer.',
  'errors.card_out_at_station.happened': 'A card is at the chip station of the printer.',
  'errors.card_out_at_station.next': 'Wait until its chip is done. Step 8 asks for the result after that.',
  'errors.card_out_at_station.safe': 'The card was not moved.',
  'errors.card_out_running.happened': 'The printer is working on the card of an application.',
  'errors.card_out_running.next':
    'Wait until the printer is done, then try again. To stop it, open the application at step 8.',
  'errors.card_out_running.safe': 'The card was not moved and the order goes on.',
  'errors.card_running.happened': 'According to the centre another card of this person is under way elsewhere.',
  'errors.card_running.next':
    'Ask the applicant where that card was asked for. Once it is done or called off, go on here.',
  'errors.card_running.safe': 'Nothing was printed. The application keeps its place.',
  'errors.card_stays_inside.happened': 'The card has not come out of the printer.',
  'errors.card_stays_inside.next':
    'Open Apparatus and press F7 to bring it out. If it is stuck, open the cover of the printer and take it by hand.',
  'errors.card_stays_inside.safe': 'How its chip stands is recorded, and the card stays spoiled in the book.',
  'errors.chip_begun.happened': 'Writing of this chip has begun.',
  'errors.chip_begun.next': 'Go on writing, or record the card as spoiled with F6.',
  'errors.chip_begun.safe': 'What was written is recorded.',
  'errors.chip_begun_elsewhere.happened': 'The card on the reader is not the one that was begun.',
  'errors.chip_begun_elsewhere.next': 'Place the card from before, or record it as spoiled with F6.',
  'errors.chip_begun_elsewhere.safe': 'The chip journal is kept.',
  'errors.chip_data.happened': 'The data for the chip are incomplete.',
  'errors.chip_data.next': 'Check the applicant’s NIK and photo.',
  'errors.chip_data.safe': 'Nothing was written.',
  'errors.chip_final.happened': 'The chip of this card is locked with other data.',
  'errors.chip_final.next': 'Record the card as spoiled with F6 and print on a new blangko.',
  'errors.chip_final.safe': 'Nothing was changed.',
  'errors.chip_foreign.happened': 'The card on the reader has foreign keys.',
  'errors.chip_foreign.next':
    'Place the card that was just printed. If only this card is foreign, record it as spoiled with F6. If others are too, the SAM is the wrong one: call the supervisor.',
  'errors.chip_foreign.safe': 'Nothing was written to it, and it has lost no key attempt.',
  'errors.chip_foreign_cipher.happened': 'The card recognises the SAM, but their cipher keys differ.',
  'errors.chip_foreign_cipher.next':
    'Call the supervisor to check the SAM and the chip profile. Do not record the card as spoiled before that.',
  'errors.chip_foreign_cipher.safe':
    'Writing stopped before it began: the chip is unchanged and has lost no key attempt.',
  'errors.chip_journal.happened': 'The chip journal cannot be saved, so writing was stopped.',
  'errors.chip_journal.next': 'Check the disk space, then go on.',
  'errors.chip_journal.safe': 'What was recorded is kept.',
  'errors.chip_last_try.happened': 'One key attempt is left on the chip, and it was not used.',
  'errors.chip_last_try.next': 'Set the card aside and call the supervisor.',
  'errors.chip_last_try.safe': 'The chip is not locked yet.',
  'errors.chip_locked.happened': 'The chip of this card is locked.',
  'errors.chip_locked.next': 'Record the card as spoiled with F6 and print on a new blangko.',
  'errors.chip_locked.safe': 'Nothing was written.',
  'errors.chip_needs_dukcapil.happened': 'The chip of a real KTP-el cannot be written here.',
  'errors.chip_needs_dukcapil.next': 'Write the reason with F7, or write the chip with Dukcapil’s encoder and SAM.',
  'errors.chip_needs_dukcapil.safe': 'The printed card and its record are kept.',
  'errors.chip_no_uid.happened': 'The card does not tell its number, so it cannot be recorded.',
  'errors.chip_no_uid.next': 'Place the card again, or try another reader.',
  'errors.chip_no_uid.safe': 'Nothing was written.',
  'errors.chip_not_ended.happened': 'The chip of this spoiled card still works. {why}',
  'errors.chip_not_ended.next':
    'Lay that card on the reader and try again. If it cannot be done, the Berita Acara says how the chip stands.',
  'errors.chip_not_ended.safe': 'The card is recorded as spoiled, and this attempt is in the register.',
  'errors.chip_other_nik.happened': 'The card on the reader carries another NIK.',
  'errors.chip_other_nik.next': 'Stop, set that card apart and call the supervisor.',
  'errors.chip_other_nik.safe': 'Nothing was written to it.',
  'errors.chip_read_back.happened': 'What was read back from the chip differs from what was written.',
  'errors.chip_read_back.next': 'Try once more. If it still differs, record it as spoiled with F6.',
  'errors.chip_read_back.safe': 'The card does not count as finished.',
  'errors.chip_reader.happened': 'No card could be read.',
  'errors.chip_reader.next': 'Place the card on the reader and try again. If it lies there, check the reader’s cable.',
  'errors.chip_reader.safe': 'Nothing was written to the card.',
  'errors.chip_refused.happened': 'The chip refused the write.',
  'errors.chip_refused.next': 'Place the card flat and try again. If it still refuses, record it as spoiled with F6.',
  'errors.chip_refused.safe': 'What was written is recorded.',
  'errors.chip_too_large.happened': 'The data do not fit on the chip.',
  'errors.chip_too_large.next': 'Call the supervisor: the chip profile does not fit this card.',
  'errors.chip_too_large.safe': 'Nothing was written.',
  'errors.chip_torn.happened': 'The card was lifted before the chip was finished.',
  'errors.chip_torn.next': 'Place the same card and press Enter to go on.',
  'errors.chip_torn.safe': 'What was written is recorded.',
  'errors.chip_wrong_card.happened': 'The card on the reader is not of this kind.',
  'errors.chip_wrong_card.next': 'Place the card that was just printed, then try again.',
  'errors.chip_wrong_card.safe': 'Nothing was written to it.',
  'errors.destruction_camera.happened': 'This destruction has no photograph yet, and a camera is connected.',
  'errors.destruction_camera.next': 'Photograph what is left. A note is for desks without a camera.',
  'errors.destruction_camera.safe': 'The record of destruction has not changed.',
  'errors.destruction_signed.happened': 'The photograph of this destruction is signed off.',
  'errors.destruction_signed.next': 'Open the sheet from the line of the record to print it again.',
  'errors.destruction_signed.safe': 'Photograph and sheet are kept and have not changed.',
  'errors.destruction_unshown.happened': 'This destruction is neither photographed nor is a reason written.',
  'errors.destruction_unshown.next': 'Photograph what is left, or write why where there is no camera, then sign off.',
  'errors.destruction_unshown.safe': 'The record of destruction is kept. Nothing has changed.',
  'errors.no_card_printer.happened': 'The card printer is not connected.',
  'errors.no_card_printer.next': 'Switch the card printer on and check its cable.',
  'errors.no_card_printer.safe': 'Nothing was printed; the blangko stays in stock.',
  'errors.offset_leaves_card.happened': 'With this offset part of the card would be printed beside it.',
  'errors.offset_leaves_card.next':
    'Measure once more from the edge of the card to the cross. If it is as far as that, see to how the card lies in the printer.',
  'errors.offset_leaves_card.safe': 'The offset of before stays.',
  'errors.print_came_out.happened': 'The printer says that this card was taken from the feeder or has come out.',
  'errors.print_came_out.next':
    'Look for the card, then say what became of it. If the blangko is untouched, choose “Not printed” once more.',
  'errors.print_came_out.safe': 'The blangko stays booked for this card.',
  'errors.print_earlier_before.happened':
    'The printer says that the card on blangko {serial} came out. It was called not printed before this program was updated.',
  'errors.print_earlier_before.next':
    'Look at that blangko. If anything is printed on it, write it off on the page Blangko with a second officer. Then try again.',
  'errors.print_earlier_before.safe':
    'That blangko stays in stock in the book. The card of now was not sent to the printer.',
  'errors.print_earlier_came_out.happened':
    'The card on blangko {serial}, which was called not printed, came out after all, the printer says.',
  'errors.print_earlier_came_out.next':
    'Look for that card and write it off on the page Blangko with a second officer. Then print this card on another one.',
  'errors.print_earlier_came_out.safe':
    'That blangko is set aside in the book and not offered again. The card of now was not sent to the printer.',
  'errors.print_earlier_finished.happened':
    'The printer says it has finished the card on blangko {serial}, which was called spoiled or not found.',
  'errors.print_earlier_finished.next':
    'Look whether there is one more card in the printer or its tray. If so, note it by its number on the page Blangko. Then try again.',
  'errors.print_earlier_finished.safe': 'The card of now was not sent to the printer.',
  'errors.print_earlier_handed_on.happened':
    'The print queue of the computer has handed on the card on blangko {serial}, of which you had said what became of it. The printer reports nothing.',
  'errors.print_earlier_handed_on.next':
    'Look for a card in the printer and its tray, and look at that blangko. What is printed is written off by its number on the page Blangko with a second officer. Then try again.',
  'errors.print_earlier_handed_on.safe':
    'That blangko stays as the book has it. The card of now was not sent to the printer.',
  'errors.print_earlier_there.happened':
    'The printer or its queue still holds the card on blangko {serial}; that one would come out first.',
  'errors.print_earlier_there.next':
    'Wait for that card, or cancel it at the printer or in the print queue of the computer (its name begins with “rekam-”). Then try again.',
  'errors.print_earlier_there.safe': 'The card of now was not sent to the printer, and its blangko stays in stock.',
  'errors.print_earlier_unsure.happened':
    'The card on blangko {serial} was called not printed, but its print stopped only after the printer had begun it.',
  'errors.print_earlier_unsure.next':
    'Look at that blangko. If anything is printed on it, write it off on the page Blangko with a second officer. Then try again.',
  'errors.print_earlier_unsure.safe': 'The card of now was not sent to the printer.',
  'errors.print_exchange_over.happened': 'Number {serial} is no longer booked for the card of that application.',
  'errors.print_exchange_over.next': 'Read the number on the card once more, then record it.',
  'errors.print_exchange_over.safe': 'No number has been exchanged.',
  'errors.print_exchange_running.happened':
    'Number {serial} is booked for the card of application {ticket}, on which the printer is still at work.',
  'errors.print_exchange_running.next': 'Wait until that card is out, then read the number once more.',
  'errors.print_exchange_running.safe': 'No number has changed.',
  'errors.print_handed_on.happened': 'The queue has handed this card on to the printer and reports no result.',
  'errors.print_handed_on.next':
    'Look for the card at the printer. If the blangko is untouched, choose “Not printed” once more.',
  'errors.print_handed_on.safe': 'The blangko stays booked for this card.',
  'errors.print_inside_first.happened':
    'The card of application {ticket} on blangko {serial} may still be inside the printer, and nobody has said what became of it.',
  'errors.print_inside_first.next':
    'Open step 8 of application {ticket}, bring its card out or say what became of it. Then try again.',
  'errors.print_inside_first.safe': 'The printer has not moved and nothing in the book has changed.',
  'errors.print_inside_unread.happened':
    'The card on blangko {serial} may still be inside the printer, and its application ({ticket}) cannot be read.',
  'errors.print_inside_unread.next':
    'Bring the card out at Devices, in the row of the card printer, then try again. Tell the supervisor of that application.',
  'errors.print_inside_unread.safe': 'The printer has not moved and nothing in the book has changed.',
  'errors.print_maybe_taken.happened':
    'This print stopped after the printer had begun it. The printer does not show whether the blangko was taken.',
  'errors.print_maybe_taken.next':
    'Look at the blangko in the printer. If it is untouched, choose “Not printed” once more.',
  'errors.print_maybe_taken.safe': 'Nothing is printing any more, and the blangko stays booked for this card.',
  'errors.print_number_differs.happened': 'The card says {read}, the book has {booked}.',
  'errors.print_number_differs.next': 'Read the number on the card once more. If it is {read}, press F6.',
  'errors.print_number_differs.safe': 'No blangko has been counted.',
  'errors.print_number_of_other.happened':
    'Number {serial} is booked for the card of application {other}, and nobody has said yet what became of that card.',
  'errors.print_number_of_other.next':
    'Compare card {ticket} and card {other}. If they did come out on each other’s blangko, press F8.',
  'errors.print_number_of_other.safe': 'No number has changed.',
  'errors.print_other_printer.happened':
    'This card was sent to another printer ({printer}), not to the one that is connected now.',
  'errors.print_other_printer.next':
    'Cancel it at that printer or in its queue, then look at the blangko. If it is untouched, choose “Not printed” once more.',
  'errors.print_other_printer.safe': 'The blangko stays booked for this card.',
  'errors.print_past_cancel.happened': 'The printer is printing the card; it cannot be called off any more.',
  'errors.print_past_cancel.next': 'Wait for the card, look at it, and say what became of it.',
  'errors.print_past_cancel.safe': 'The blangko stays booked as in the printer.',
  'errors.print_still_there.happened':
    'The print of a card is still in the printer or its queue and cannot be called off from here.',
  'errors.print_still_there.next':
    'Cancel it at the printer or in the print queue of the computer (its name begins with “rekam-”), or wait for the card. Then try again.',
  'errors.print_still_there.safe': 'Its blangko stays booked, and no card is printed twice.',
  'errors.print_test_there.happened':
    'A test card is still in the printer or its queue; that one would come out first.',
  'errors.print_test_there.next': 'Wait for the test card, or cancel it at the printer. Then try again.',
  'errors.print_test_there.safe': 'Nothing was sent to the printer, and the stock of blangko is as it was.',
  'errors.print_unanswered.happened': 'The printer is connected, but does not answer whether it still holds a card.',
  'errors.print_unanswered.next':
    'Wait a moment and try again. If it still does not answer, switch the printer off first, then try again.',
  'errors.print_unanswered.safe': 'Nothing was sent and nothing in the book has changed.',
  'errors.printer_not_ready.happened': 'Nothing was printed. {why}',
  'errors.printer_not_ready.next': 'See to the printer. Rekam notices by itself when it is ready; then print again.',
  'errors.printer_not_ready.safe': 'The blangko stays in stock.',
  'errors.rejected_in_stock.happened': 'In the book, blangko {serial} is still in stock and ready to be printed on.',
  'errors.rejected_in_stock.next':
    'The card is bad: record it under Blank cards (F6) first, then give its number here again. It is clean: put it back on the stack and say so in the note.',
  'errors.rejected_in_stock.safe': 'The book was not changed and the question stays open.',
  'errors.rejected_unknown.happened': 'Blangko {serial} is not in the book of this station.',
  'errors.rejected_unknown.next':
    'Read the number again. For a card that is no blangko of this station, leave the number empty and write a note.',
  'errors.rejected_unknown.safe': 'Nothing was recorded and the question stays open.',
  'errors.spoiled_unshown.happened': 'The spoiled card {serial} has not been photographed.',
  'errors.spoiled_unshown.next': 'Photograph it, or write why where there is no camera, then try again.',
  'errors.spoiled_unshown.safe': 'The card is recorded as spoiled. Nothing has changed.',
} satisfies Record<keyof typeof id, string>;
