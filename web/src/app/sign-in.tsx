import { useEffect, useRef, useState } from "preact/hooks";
import type { Account, AccountState } from "./account.js";
import { announce } from "./announce.js";
import { Banner } from "./banner.js";
import { Button } from "./button.js";
import { Dialog } from "./dialog.js";
import { locale } from "./locale.js";
import { type Refusal, refusalOf } from "./refusal.js";
import { Logo } from "./logo.js";
import { sayRefusal, t } from "./words.js";

/** What a refused sign-in says, with the seconds that are left where the server wants a pause. */
export const saySignIn = (refusal: Refusal, left: number): string => {
  if (refusal.code === "bad_credentials") return t("signIn.wrong");
  if (refusal.code !== "rate_limited") return sayRefusal(refusal);
  const plural = new Intl.PluralRules(locale.value).select(left) === "one" ? "one" : "other";
  return t(`signIn.slowed.${plural}`, { count: left });
};

/** Counts seconds down to 0. */
const useCountdown = (): [left: number, start: (seconds: number) => void] => {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1_000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
};

/** User name and password. `username` is filled in where it is known who has to sign in again. */
export const SignInForm = ({ account, username: known = "" }: { account: Account; username?: string }) => {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const [left, countdown] = useCountdown();
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);

  useEffect(() => (known ? password : name).current?.focus(), []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy || left > 0) return;
    const given = { username: name.current?.value.trim() ?? "", password: password.current?.value ?? "" };
    setRefusal(null);
    setMissing(!given.username || !given.password);
    if (!given.username || !given.password) return (given.username ? password : name).current?.focus();
    setBusy(true);
    try {
      await account.signIn(given.username, given.password);
    } catch (cause) {
      const why = refusalOf(cause);
      const pause = why.code === "rate_limited" ? Math.max(1, why.retryAfter) : 0;
      setRefusal(why);
      countdown(pause);
      setBusy(false);
      announce(saySignIn(why, pause), "assertive");
      password.current?.focus();
      password.current?.select();
    }
  };

  const problem = missing ? t("signIn.missing") : refusal && (refusal.code !== "rate_limited" || left > 0) ? saySignIn(refusal, left) : null;
  return (
    <form class="sign-in-form" onSubmit={(event) => void submit(event)} noValidate>
      {problem && (
        <div id="sign-in-problem">
          <Banner kind="danger">{problem}</Banner>
        </div>
      )}
      <label class="field">
        <span>{t("signIn.username")}</span>
        <input ref={name} name="username" autocomplete="username" autocapitalize="none" spellcheck={false} defaultValue={known} aria-describedby={problem ? "sign-in-problem" : undefined} required />
      </label>
      <label class="field">
        <span>{t("signIn.password")}</span>
        <input ref={password} name="password" type={shown ? "text" : "password"} autocomplete="current-password" aria-describedby={problem ? "sign-in-problem" : undefined} required />
      </label>
      <label class="check">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
        <span>{t("signIn.showPassword")}</span>
      </label>
      <Button kind="primary" type="submit" busy={busy} disabled={left > 0}>
        {busy ? t("signIn.busy") : t("signIn.submit")}
      </Button>
    </form>
  );
};

/** A log-in that the server lets everybody know, as a demo's does; null for none. */
const guest = (): { username: string; password: string } | null => {
  const told = document.querySelector<HTMLMetaElement>('meta[name="guest"]');
  return told && { username: told.content, password: told.dataset["password"] ?? "" };
};

const GuestHint = () => {
  const known = guest();
  if (!known) return null;
  return (
    <p class="sign-in-guest">
      {t("signIn.guest")}
      <br />
      <code>{known.username}</code> · <code>{known.password}</code>
    </p>
  );
};

/** In the place of the page until somebody is signed in. `title` says which page it is. */
export const SignInPage = ({ account, state, title }: { account: Account; state: Exclude<AccountState, { kind: "signedIn" }>; title: string }) => (
  <main class="card sign-in" id="content">
    <p class="sign-in-page">
      <Logo />
      <span>{title}</span>
    </p>
    {state.kind === "signedOut" && (
      <>
        <h1>{t("signIn.title")}</h1>
        <SignInForm account={account} />
        <GuestHint />
      </>
    )}
    {state.kind === "checking" && <p class="calm">{t("signIn.checking")}</p>}
    {state.kind === "unreachable" && (
      <>
        <h1>{t("signIn.unreachable")}</h1>
        <p>{t("signIn.unreachableMore")}</p>
        <p class="calm">{sayRefusal(state.refusal)}</p>
        <Button onClick={() => void account.check()}>{t("signIn.retry")}</Button>
      </>
    )}
  </main>
);

/** Over the page, when the sign-in has run out while it was in use. */
export const SignInAgain = ({ account, username }: { account: Account; username: string }) => (
  <Dialog title={t("signIn.again")} firm onClose={() => {}}>
    <p>{t("signIn.againMore")}</p>
    <SignInForm account={account} username={username} />
  </Dialog>
);
