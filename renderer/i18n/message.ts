/**
 * What a message is, and what a translation owes its source: every key and no other, every value in every sentence, and
 * every plural form that its language has. All of it is held by the compiler; nothing here runs.
 */

/** A message: one text, or one per plural form of the language. `{name}` stands for a value. */
export type Message = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string });

/** The names of the values in a text. */
export type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** A text with each of these values in it, in any order. */
type Holding<Name extends string> = [Name] extends [never] ? string : AllOf<Name>;
type AllOf<Name extends string> = (
  Name extends string
    ? (text: `${string}{${Name}}${string}`) => void
    : never
) extends (text: infer Text extends string) => void
  ? Text
  : never;

/** Where a language has one form only, a message with forms is one text. Only `other` must tell the number. */
type Forms<Other extends string, Form extends Intl.LDMLPluralRule> = [Form] extends ['other']
  ? Holding<NamesIn<Other>>
  : { readonly [Each in Form | 'other']: Holding<FormNames<Other, Each>> };
type FormNames<Other extends string, Form> = Form extends 'other'
  ? NamesIn<Other>
  : Exclude<NamesIn<Other>, 'count'>;

/**
 * The same messages in another language.
 * @typeParam Form The plural forms that the language has, as `Intl.PluralRules` names them.
 */
export type Translation<
  Source extends Readonly<Record<string, Message>>,
  Form extends Intl.LDMLPluralRule,
> = {
  readonly [Key in keyof Source]: Source[Key] extends string
    ? Holding<NamesIn<Source[Key]>>
    : Source[Key] extends { readonly other: infer Other extends string }
      ? Forms<Other, Form>
      : never;
};
