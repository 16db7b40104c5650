// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../../../../../../workers/core/handler.ts'

/**
 * What it is given:
 * - pipelines/notifications.yaml, step "text"
 */
export type RenderNoticeInput = {
    name: string;
    language: "de" | "en" | "fr";
    change: "created" | "merged" | "updated";
}

/** The function in workers/handlers/render-notice.ts. */
export type RenderNotice<Output> = Handler<RenderNoticeInput, Output>
