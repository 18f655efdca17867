/** The words of the pages that a browser shows during a sign-in. Values are filled in by whoever shows them, escaped. Pure. */

/** Everything that these pages say. `{name}` stands for a value. */
export interface PageWords {
  /** For `<html lang>`. */
  readonly lang: string;
  readonly goToGatehouse: string;
  /** `{who}` */
  readonly wants: string;
  /** `{name}`: what a program calls itself. */
  readonly calledSo: string;
  readonly noName: string;
  readonly decideThere: string;
  readonly sameCode: string;
  readonly noWindow: string;
  readonly over: string;
  readonly decidedAlready: string;
  readonly mayClose: string;
  readonly signedIn: string;
  readonly goOn: string;
  readonly notSignedIn: string;
  readonly nobodyDecided: string;
  readonly begunAgain: string;
  readonly denied: string;
  readonly badlyAsked: string;
  readonly tooMany: string;
  readonly back: string;
  readonly cannotBegin: string;
  readonly failed: string;
  readonly failedHelp: string;
  readonly notKnown: string;
  readonly notKnownHelp: string;
  /** `{server}` */
  readonly canBeUsed: string;
  /** Before what Gatehouse says of it, which is English; null where that is the language of the page. */
  readonly seeGatehouse: string | null;
  readonly closePage: string;
}

/** English, the source language. */
export const englishPages: PageWords = {
  lang: 'en',
  goToGatehouse: 'Go to Gatehouse',
  wants: '{who} wants to use Gatehouse',
  calledSo: '“{name}”',
  noName: 'A program that says no name',
  decideThere: 'Go to the window of Gatehouse and decide there. This page goes on by itself.',
  sameCode: 'Gatehouse shows the same code:',
  noWindow: 'Without a window:',
  over: 'This sign-in is over',
  decidedAlready: 'It was decided already. To sign in, begin again in the program that wants to connect.',
  mayClose: 'You can close this page.',
  signedIn: 'You are signed in',
  goOn: 'Go on in the program that wanted to connect.',
  notSignedIn: 'You are not signed in',
  nobodyDecided: 'Nobody decided in time.',
  begunAgain: 'It was begun again.',
  denied: 'It was denied.',
  badlyAsked: 'The program that wants to connect did not ask as it must.',
  tooMany: 'Too many sign-ins wait or begin.',
  back: 'Back to the program',
  cannotBegin: 'This sign-in cannot begin',
  failed: 'This sign-in failed',
  failedHelp: 'Gatehouse failed on this request.',
  notKnown: 'This sign-in is not known',
  notKnownHelp: 'It was not begun by Gatehouse, or is over. Begin again in Gatehouse.',
  canBeUsed: '"{server}" can be used now.',
  seeGatehouse: null,
  closePage: 'Gatehouse. You can close this page.',
};
