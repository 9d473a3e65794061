import { type ComponentType, render } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { type Account, type Identity, createAccount } from "./account.js";
import { Announcer } from "./announce.js";
import { useCell } from "./cell.js";
import type { PageClient, PageClientOptions } from "./client.js";
import { type Languages, locale, openLanguages } from "./locale.js";
import { MissingLanguage } from "./missing-language.js";
import type { PageName } from "./page-name.js";
import { Settings } from "./settings.js";
import { SignInAgain, SignInPage } from "./sign-in.js";
import { showTheme } from "./theme.js";
import { TickerContext, createTicker } from "./ticker.js";

/** What a page is given as soon as somebody is signed in. */
export interface PageProps<C extends PageClient = PageClient> {
  account: Account<C>;
  identity: Identity;
}

interface WholeProps<C extends PageClient> {
  account: Account<C>;
  Page: ComponentType<PageProps<C>>;
  /** What the browser's tab says. */
  title: () => string;
}

const Whole = <C extends PageClient>({ account, Page, title }: WholeProps<C>) => {
  const state = useCell(account.state);
  const language = useCell(locale);
  const named = `${title()} – Muster`;
  const ticker = useMemo(() => createTicker(account.client.now), [account]);

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = named;
  }, [language, named]);

  return (
    <TickerContext.Provider value={ticker}>
      <Announcer />
      <MissingLanguage />
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

/** What makes a page. */
export interface PageParts<C extends PageClient> {
  languages: Languages;
  /** Makes the page's client of the SDK. */
  connect: (options: PageClientOptions) => C;
  /** What the browser's tab says. */
  title: () => string;
  /** Draws it for whoever is signed in. */
  Page: ComponentType<PageProps<C>>;
}

/** Said where there are no texts to say it with. */
const unreadable = "This page could not be loaded. Check the network and load it anew.";

/** Shows a page as soon as its texts are there, with its sign-in first. Meanwhile it is found out who is signed in. */
export const mountPage = async <C extends PageClient>(page: PageName, { languages, connect, title, Page }: PageParts<C>): Promise<void> => {
  showTheme();
  const place = document.getElementById("page")!;
  const account = createAccount(page, connect);
  void account.check();
  try {
    await openLanguages(languages);
  } catch {
    place.textContent = unreadable;
    return;
  }
  render(<Whole account={account} Page={Page} title={title} />, place);
};
