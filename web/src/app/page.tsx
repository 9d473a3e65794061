import { type ComponentType, render } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { type Account, type Identity, createAccount } from "./account.js";
import { Announcer } from "./announce.js";
import { useCell } from "./cell.js";
import { locale } from "./locale.js";
import type { PageName } from "./page-name.js";
import { Settings } from "./settings.js";
import { SignInAgain, SignInPage } from "./sign-in.js";
import { showTheme } from "./theme.js";
import { TickerContext, createTicker } from "./ticker.js";

/** What a page is given as soon as somebody is signed in. */
export interface PageProps {
  account: Account;
  identity: Identity;
}

const Whole = ({ account, Page, title }: { account: Account; Page: ComponentType<PageProps>; title: () => string }) => {
  const state = useCell(account.state);
  const language = useCell(locale);
  const named = `${title()} – Muster`;
  const ticker = useMemo(() => createTicker(account.client.now), [account]);

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = named;
  }, [language, named]);
  useEffect(() => void account.check(), [account]);

  return (
    <TickerContext.Provider value={ticker}>
      <Announcer />
      {state.kind === "signedIn" ? (
        <>
          <Page account={account} identity={state.identity} />
          {state.expired && <SignInAgain account={account} username={state.identity.username} />}
        </>
      ) : (
        <div class="frame outside">
          <header class="outside-settings">
            <Settings />
          </header>
          <SignInPage account={account} state={state} title={named} />
        </div>
      )}
    </TickerContext.Provider>
  );
};

/** Shows a page: its sign-in first, then what `Page` draws. `title` is what the browser's tab says. */
export const mountPage = (page: PageName, title: () => string, Page: ComponentType<PageProps>): void => {
  showTheme();
  const place = document.getElementById("page");
  if (place) render(<Whole account={createAccount(page)} Page={Page} title={title} />, place);
};
