import "./style/app.css";
import "./style/reasons.css";
import "./style/desk.css";
import { mountPage } from "./app/page.js";
import { t } from "./app/words.js";
import { createDeskClient } from "./desk/client.js";
import { DeskPage } from "./desk/desk-page.js";

void mountPage("desk", {
  languages: { en: () => import("./desk/english.js"), de: () => import("./desk/german.js") },
  connect: createDeskClient,
  title: () => t("page.desk"),
  Page: DeskPage,
});
