import "./style/app.css";
import "./style/desk.css";
import { mountPage } from "./app/page.js";
import { t } from "./app/words.js";
import { DeskPage } from "./desk/desk-page.js";

mountPage("desk", () => t("page.desk"), DeskPage);
