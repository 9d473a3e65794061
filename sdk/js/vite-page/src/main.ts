import { type StateChange, allFeatures, changes, createClient, entrance, events, isMusterError, login } from "muster-sdk";

const show = (change: StateChange): void => {
  document.querySelector("#state")!.textContent = change.reason ?? change.state;
};

const client = createClient({ baseUrl: "http://127.0.0.1:8080/v1/", modules: [login, entrance, changes, events], features: allFeatures });

const watch = async (signal: AbortSignal): Promise<void> => {
  for await (const event of client.events(["cxengage/session/state-change-response", "cxengage/session/ended"], { signal })) {
    if (event.error) console.error(event.error.code, event.error.message);
    else if (event.topic === "cxengage/session/ended") return;
    else show(event.response);
  }
};

const work = async (username: string, password: string): Promise<void> => {
  const { defaultTenant, tenants } = await client.authentication.login({ username, password });
  const tenantId = defaultTenant ?? tenants[0]?.tenantId;
  if (!tenantId) throw new Error(`${username} is no member of a tenant`);
  void watch(new AbortController().signal);
  await client.session.setActiveTenant({ tenantId });
  document.querySelector("button")!.disabled = false;
};

document.querySelector("button")!.addEventListener("click", async () => {
  try {
    const extension = client.session.getDefaultExtension();
    if (extension) await client.session.goReady({ extensionValue: extension.value });
  } catch (error) {
    if (!isMusterError(error)) throw error;
    // @ts-expect-error: the codes are a closed list
    if (error.code === 1) return;
    if (error.code === 2005) console.error(error.data.validExtensions.length);
  }
});

// @ts-expect-error: a topic knows what it carries
client.subscribe("cxengage/session/tenant-list", ({ response }: { response: string | null }) => console.log(response));

void work("agent@demo.example", "demo-password");
