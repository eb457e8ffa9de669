ALTER TABLE `users` ADD `email_hash` text;--> statement-breakpoint
CREATE INDEX `users_email_hash` ON `users` (`email_hash`) WHERE "users"."email_hash" is not null;