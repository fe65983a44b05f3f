package org.sluice.mgmt.http;

import java.util.concurrent.CompletableFuture;

/** Answers the requests for one path and method. Called on the event loop: it must not wait. */
interface Resource {

    /** @throws BadRequestException when the request makes no sense */
    CompletableFuture<Answer> answer(Request request);
}
