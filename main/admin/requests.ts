/** What pages may ask of the web admin's own places; null for anything else. Pure. */
import { z } from 'zod';

const password = z.string().min(1).max(2_048);
const setup = z.strictObject({ code: z.string().min(1).max(100), password });
const signIn = z.strictObject({ password });
const change = z.strictObject({ current: password, next: password });
const command = z.strictObject({ name: z.string().min(1).max(100), args: z.unknown() });

/** The first password, with the code that was shown where Gatehouse was started. */
export function setupAsked(body: unknown): z.infer<typeof setup> | null {
  return setup.safeParse(body).data ?? null;
}

/** A password to sign in with. */
export function signInAsked(body: unknown): z.infer<typeof signIn> | null {
  return signIn.safeParse(body).data ?? null;
}

/** Another password, with the one that counts now. */
export function passwordAsked(body: unknown): z.infer<typeof change> | null {
  return change.safeParse(body).data ?? null;
}

/** A command of the contract; its arguments are judged where it runs. */
export function commandAsked(body: unknown): z.infer<typeof command> | null {
  return command.safeParse(body).data ?? null;
}
