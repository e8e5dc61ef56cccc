BEGIN;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	"before" TEXT DEFAULT '' NOT NULL, 
	"after" TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
CREATE TABLE command_sync (
	scope TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_command_sync PRIMARY KEY (scope)
);
CREATE TABLE company (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	country TEXT DEFAULT '' NOT NULL, 
	ticker TEXT DEFAULT '' NOT NULL, folded TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_company PRIMARY KEY (id), 
	CONSTRAINT uq_company_name UNIQUE (name)
);
CREATE TABLE guild (
	id BIGINT NOT NULL, 
	left_at TEXT, 
	CONSTRAINT pk_guild PRIMARY KEY (id)
);
CREATE TABLE revision (
	noun TEXT NOT NULL, 
	value BIGINT NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (noun)
);
CREATE TABLE story (
	id INTEGER NOT NULL, 
	slug TEXT NOT NULL, 
	headline TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	stage TEXT, 
	is_deal INTEGER NOT NULL, 
	is_open INTEGER NOT NULL, 
	disputed INTEGER NOT NULL, 
	as_of TEXT DEFAULT '' NOT NULL, 
	as_of_sort BIGINT NOT NULL, 
	created_at TEXT NOT NULL, 
	updated_at TEXT NOT NULL, 
	CONSTRAINT pk_story PRIMARY KEY (id), 
	CONSTRAINT ck_story_kind CHECK (kind IN ('merger', 'acquisition', 'stake', 'joint-venture', 'alliance', 'supply', 'contract-manufacturing', 'licensing', 'financing', 'product', 'plant', 'policy', 'people', 'results', 'event', 'other')), 
	CONSTRAINT ck_story_stage CHECK (stage IN ('rumoured', 'talks', 'agreed', 'signed', 'review', 'completed', 'terminated', 'lapsed')), 
	CONSTRAINT ck_story_stage_of_deals CHECK (is_deal = 1 OR stage IS NULL), 
	CONSTRAINT uq_story_slug UNIQUE (slug)
);
CREATE TABLE alias (
	id INTEGER NOT NULL, 
	company_id INTEGER NOT NULL, 
	alias TEXT NOT NULL, 
	position INTEGER NOT NULL, folded TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_alias PRIMARY KEY (id), 
	CONSTRAINT fk_alias_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE CASCADE, 
	CONSTRAINT uq_alias_company_id_alias UNIQUE (company_id, alias)
);
CREATE TABLE development (
	id INTEGER NOT NULL, 
	story_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	date TEXT NOT NULL, 
	date_sort BIGINT NOT NULL, 
	headline TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	claim TEXT NOT NULL, 
	stage TEXT, 
	retracted TEXT DEFAULT '' NOT NULL, 
	announced INTEGER DEFAULT '0' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_development PRIMARY KEY (id), 
	CONSTRAINT ck_development_claim CHECK (claim IN ('confirmed', 'reported', 'denied')), 
	CONSTRAINT ck_development_stage CHECK (stage IN ('rumoured', 'talks', 'agreed', 'signed', 'review', 'completed', 'terminated', 'lapsed')), 
	CONSTRAINT ck_development_date CHECK (length(date) IN (4, 7, 10)), 
	CONSTRAINT fk_development_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_development_story_id_key UNIQUE (story_id, "key")
);
CREATE TABLE party (
	id INTEGER NOT NULL, 
	story_id INTEGER NOT NULL, 
	company_id INTEGER NOT NULL, 
	role TEXT DEFAULT '' NOT NULL, 
	position INTEGER NOT NULL, is_deal INTEGER DEFAULT '0' NOT NULL, is_open INTEGER DEFAULT '0' NOT NULL, as_of_sort BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_party PRIMARY KEY (id), 
	CONSTRAINT fk_party_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE CASCADE, 
	CONSTRAINT fk_party_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_party_story_id_company_id_role UNIQUE (story_id, company_id, role)
);
CREATE TABLE related (
	id INTEGER NOT NULL, 
	story_id INTEGER NOT NULL, 
	slug TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_related PRIMARY KEY (id), 
	CONSTRAINT fk_related_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_related_story_id_slug UNIQUE (story_id, slug)
);
CREATE TABLE former_name (
	id INTEGER NOT NULL, 
	development_id INTEGER NOT NULL, 
	date TEXT NOT NULL, 
	headline TEXT NOT NULL, 
	CONSTRAINT pk_former_name PRIMARY KEY (id), 
	CONSTRAINT ck_former_name_date CHECK (length(date) IN (4, 7, 10)), 
	CONSTRAINT fk_former_name_development_id FOREIGN KEY(development_id) REFERENCES development (id) ON DELETE CASCADE, 
	CONSTRAINT uq_former_name_development_id_date_headline UNIQUE (development_id, date, headline)
);
CREATE TABLE source (
	id INTEGER NOT NULL, 
	development_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	publisher TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, 
	date TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_source PRIMARY KEY (id), 
	CONSTRAINT fk_source_development_id FOREIGN KEY(development_id) REFERENCES development (id) ON DELETE CASCADE
);
CREATE VIRTUAL TABLE story_search USING fts5(headline, names, body, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE "destination" (
	id INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	discord_id BIGINT NOT NULL, 
	guild_id BIGINT NOT NULL, 
	blocked TEXT DEFAULT '' NOT NULL, 
	blocked_at TEXT, 
	retry_at TEXT, 
	parent_id INTEGER, 
	story_id INTEGER, 
	card_id BIGINT, 
	CONSTRAINT pk_destination PRIMARY KEY (id), 
	CONSTRAINT ck_destination_place CHECK (place IN ('channel', 'thread', 'dm', 'forum', 'announcement')), 
	CONSTRAINT fk_destination_parent_id FOREIGN KEY(parent_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT fk_destination_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_destination_discord_id UNIQUE (discord_id), 
	CONSTRAINT uq_destination_parent_id_story_id UNIQUE (parent_id, story_id)
);
CREATE TABLE "follow" (
	id INTEGER NOT NULL, 
	destination_id INTEGER NOT NULL, 
	target_kind TEXT NOT NULL, 
	target_key TEXT NOT NULL, 
	company_id INTEGER, 
	story_id INTEGER, 
	role_id BIGINT DEFAULT '0' NOT NULL, 
	mode TEXT DEFAULT 'instant' NOT NULL, 
	only TEXT DEFAULT '' NOT NULL, 
	words TEXT DEFAULT '' NOT NULL, 
	without TEXT DEFAULT '' NOT NULL, 
	ping TEXT DEFAULT 'always' NOT NULL, 
	silent INTEGER DEFAULT '0' NOT NULL, 
	threads INTEGER DEFAULT '0' NOT NULL, 
	changed_at TEXT, 
	created_by BIGINT NOT NULL, 
	created_at TEXT NOT NULL, 
	state TEXT DEFAULT 'active' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_follow PRIMARY KEY (id), 
	CONSTRAINT ck_follow_target_kind CHECK (target_kind IN ('everything', 'company', 'story', 'kind')), 
	CONSTRAINT ck_follow_state CHECK (state IN ('active', 'paused', 'stopped')), 
	CONSTRAINT ck_follow_mode CHECK (mode IN ('instant', 'daily', 'weekly')), 
	CONSTRAINT ck_follow_ping CHECK (ping IN ('always', 'stage-changes', 'never')), 
	CONSTRAINT fk_follow_destination_id FOREIGN KEY(destination_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT fk_follow_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE CASCADE, 
	CONSTRAINT fk_follow_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_follow_destination_id_target_key UNIQUE (destination_id, target_key)
);
CREATE TABLE "delivery" (
	id INTEGER NOT NULL, 
	development_id INTEGER NOT NULL, 
	destination_id INTEGER NOT NULL, 
	post_id INTEGER, 
	created_at TEXT NOT NULL, 
	mode TEXT DEFAULT 'instant' NOT NULL, 
	gather_at TEXT, 
	roles TEXT DEFAULT '' NOT NULL, 
	silent INTEGER DEFAULT '0' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (id), 
	CONSTRAINT ck_delivery_mode CHECK (mode IN ('instant', 'daily', 'weekly')), 
	CONSTRAINT fk_delivery_development_id FOREIGN KEY(development_id) REFERENCES development (id) ON DELETE CASCADE, 
	CONSTRAINT fk_delivery_destination_id FOREIGN KEY(destination_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT fk_delivery_post_id FOREIGN KEY(post_id) REFERENCES post (id) ON DELETE CASCADE, 
	CONSTRAINT uq_delivery_development_id_destination_id UNIQUE (development_id, destination_id)
);
CREATE TABLE preference (
	owner_id BIGINT NOT NULL, 
	zone TEXT NOT NULL, 
	digest_hour INTEGER NOT NULL, 
	digest_day INTEGER NOT NULL, 
	quiet_from INTEGER, 
	quiet_until INTEGER, 
	cap INTEGER NOT NULL, language TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_preference PRIMARY KEY (owner_id)
);
CREATE TABLE reader_note (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	text TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	settled_at TEXT, 
	settled_by TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_reader_note PRIMARY KEY (id), 
	CONSTRAINT fk_reader_note_post_id FOREIGN KEY(post_id) REFERENCES post (id) ON DELETE CASCADE, 
	CONSTRAINT uq_reader_note_post_id_user_id UNIQUE (post_id, user_id)
);
CREATE TABLE joined (
	id INTEGER NOT NULL, 
	slug TEXT NOT NULL, 
	into_id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	kept TEXT NOT NULL, 
	CONSTRAINT pk_joined PRIMARY KEY (id), 
	CONSTRAINT fk_joined_into_id FOREIGN KEY(into_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_joined_slug UNIQUE (slug)
);
CREATE TABLE feed (
	id INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	given_url TEXT NOT NULL, 
	host TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	trust TEXT DEFAULT 'review' NOT NULL, 
	state TEXT DEFAULT 'active' NOT NULL, 
	etag TEXT DEFAULT '' NOT NULL, 
	last_modified TEXT DEFAULT '' NOT NULL, 
	interval_seconds BIGINT NOT NULL, 
	next_poll TEXT NOT NULL, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	named INTEGER DEFAULT '0' NOT NULL, 
	read_at TEXT, 
	succeeded_at TEXT, 
	added_by TEXT DEFAULT '' NOT NULL, 
	added_at TEXT NOT NULL, 
	CONSTRAINT pk_feed PRIMARY KEY (id), 
	CONSTRAINT ck_feed_trust CHECK (trust IN ('review', 'auto')), 
	CONSTRAINT ck_feed_state CHECK (state IN ('active', 'paused', 'gone')), 
	CONSTRAINT uq_feed_url UNIQUE (url)
);
CREATE TABLE article (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	feed_id INTEGER, 
	title TEXT NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, 
	publisher TEXT DEFAULT '' NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	published TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	state TEXT NOT NULL, key_rule INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_article PRIMARY KEY (id), 
	CONSTRAINT ck_article_state CHECK (state IN ('new', 'old', 'done')), 
	CONSTRAINT fk_article_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id) ON DELETE SET NULL, 
	CONSTRAINT uq_article_key UNIQUE ("key")
);
CREATE TABLE tracked (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	part TEXT NOT NULL, 
	event TEXT NOT NULL, 
	story TEXT NOT NULL, 
	title TEXT NOT NULL, 
	lead TEXT NOT NULL, 
	at TEXT NOT NULL, 
	embedder TEXT NOT NULL, 
	vector BLOB NOT NULL, 
	weights TEXT NOT NULL, 
	judgement TEXT NOT NULL, 
	CONSTRAINT pk_tracked PRIMARY KEY (id), 
	CONSTRAINT ck_tracked_part CHECK (part IN ('article', 'headline', 'development')), 
	CONSTRAINT uq_tracked_key UNIQUE ("key")
);
CREATE TABLE tracked_centre (
	embedder TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	total BLOB NOT NULL, 
	CONSTRAINT pk_tracked_centre PRIMARY KEY (embedder)
);
CREATE TABLE review (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	suggestion TEXT NOT NULL, 
	state TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	decided_at TEXT, 
	decided_by TEXT DEFAULT '' NOT NULL, 
	slug TEXT DEFAULT '' NOT NULL, 
	development_key TEXT DEFAULT '' NOT NULL, 
	taken INTEGER, 
	channel_id BIGINT DEFAULT '0' NOT NULL, 
	message_id BIGINT DEFAULT '0' NOT NULL, 
	in_doubt INTEGER DEFAULT '0' NOT NULL, 
	wanted INTEGER DEFAULT '0' NOT NULL, 
	shown INTEGER DEFAULT '0' NOT NULL, search_after BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_review PRIMARY KEY (id), 
	CONSTRAINT ck_review_state CHECK (state IN ('waiting', 'published', 're-report', 'not-news')), 
	CONSTRAINT fk_review_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT uq_review_article_id UNIQUE (article_id)
);
CREATE TABLE retelling (
	id INTEGER NOT NULL, 
	review_id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	CONSTRAINT pk_retelling PRIMARY KEY (id), 
	CONSTRAINT fk_retelling_review_id FOREIGN KEY(review_id) REFERENCES review (id) ON DELETE CASCADE, 
	CONSTRAINT fk_retelling_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT uq_retelling_article_id UNIQUE (article_id)
);
CREATE TABLE looked (
	id INTEGER NOT NULL, 
	destination_id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	at TEXT NOT NULL, 
	delivery BIGINT NOT NULL, 
	development BIGINT NOT NULL, 
	CONSTRAINT pk_looked PRIMARY KEY (id), 
	CONSTRAINT fk_looked_destination_id FOREIGN KEY(destination_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT uq_looked_user_id_destination_id UNIQUE (user_id, destination_id)
);
CREATE TABLE failure (
	id INTEGER NOT NULL, 
	article_id INTEGER, 
	review_id INTEGER, 
	attempts INTEGER NOT NULL, 
	retry_at TEXT, 
	reason TEXT DEFAULT '' NOT NULL, 
	set_aside_at TEXT, 
	channel_id BIGINT DEFAULT '0' NOT NULL, 
	message_id BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_failure PRIMARY KEY (id), 
	CONSTRAINT ck_failure_of_one_thing CHECK ((article_id IS NULL) <> (review_id IS NULL)), 
	CONSTRAINT fk_failure_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT fk_failure_review_id FOREIGN KEY(review_id) REFERENCES review (id) ON DELETE CASCADE, 
	CONSTRAINT uq_failure_article_id UNIQUE (article_id), 
	CONSTRAINT uq_failure_review_id UNIQUE (review_id)
);
CREATE TABLE "post" (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	destination_id INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	form TEXT DEFAULT 'post' NOT NULL, 
	story_id INTEGER, 
	roles TEXT DEFAULT '' NOT NULL, 
	silent INTEGER DEFAULT '0' NOT NULL, 
	publish INTEGER DEFAULT '0' NOT NULL, 
	unpublished TEXT DEFAULT '' NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	in_doubt INTEGER DEFAULT '0' NOT NULL, 
	unsettled INTEGER DEFAULT '0' NOT NULL, 
	wanted INTEGER DEFAULT '0' NOT NULL, 
	shown INTEGER DEFAULT '0' NOT NULL, 
	created_at TEXT NOT NULL, 
	due_at TEXT NOT NULL, 
	lease_until TEXT, 
	message_id BIGINT, 
	sent_at TEXT, 
	refused_at TEXT, 
	reason TEXT DEFAULT '' NOT NULL, 
	search_after BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_post PRIMARY KEY (id), 
	CONSTRAINT ck_post_state CHECK (state IN ('pending', 'leased', 'sent', 'published', 'failed', 'set aside')), 
	CONSTRAINT ck_post_form CHECK (form IN ('post', 'daily', 'weekly', 'card')), 
	CONSTRAINT fk_post_destination_id FOREIGN KEY(destination_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT fk_post_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_post_key UNIQUE ("key")
);
INSERT INTO "alembic_version" VALUES('0013');
INSERT INTO "audit" VALUES(1,'2026-12-01T15:02:40.661293Z','import','company added','Nissan','','{"name": "Nissan", "aliases": ["Nissan Motor", "日産"], "country": "JP", "ticker": "7201.T"}');
INSERT INTO "audit" VALUES(2,'2026-12-01T15:02:40.730012Z','import','company added','Foxconn','','{"name": "Foxconn", "aliases": ["Hon Hai", "鴻海"], "country": "TW", "ticker": ""}');
INSERT INTO "audit" VALUES(3,'2026-12-01T15:02:40.785782Z','import','company added','Honda','','{"name": "Honda", "aliases": [], "country": "JP", "ticker": ""}');
INSERT INTO "audit" VALUES(4,'2026-12-01T15:02:40.792024Z','import','company added','Renault','','{"name": "Renault", "aliases": [], "country": "FR", "ticker": ""}');
INSERT INTO "audit" VALUES(5,'2026-12-01T15:02:41.035939Z','import','story added','honda-nissan-merger','','{"headline": "Honda and Nissan: merger", "summary": "Honda and Nissan talked about a joint holding company and ended the talks.", "kind": "merger", "parties": [{"company": "Honda", "role": "partner"}, {"company": "Nissan", "role": "partner"}], "related": []}');
INSERT INTO "audit" VALUES(6,'2026-12-01T15:02:41.035939Z','import','development added','honda-nissan-merger','','{"key": "agreed", "date": "2024-12-23", "headline": "Honda and Nissan agree to talk about a merger", "claim": "confirmed", "text": "", "stage": "agreed", "sources": [{"publisher": "Honda", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(7,'2026-12-01T15:02:41.035939Z','import','development added','honda-nissan-merger','','{"key": "ended", "date": "2025-02-13", "headline": "Honda and Nissan end their talks", "claim": "confirmed", "text": "", "stage": "terminated", "sources": [{"publisher": "Nissan", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(8,'2026-12-01T15:02:41.183464Z','import','story added','nissan-foxconn-oppama','','{"headline": "Nissan and Foxconn: EV production at Oppama", "summary": "Nissan and Foxconn talk about building electric cars at the Oppama plant, which would otherwise close.", "kind": "contract-manufacturing", "parties": [{"company": "Nissan", "role": "plant owner"}, {"company": "Foxconn", "role": "manufacturer"}], "related": ["honda-nissan-merger"]}');
INSERT INTO "audit" VALUES(9,'2026-12-01T15:02:41.183464Z','import','development added','nissan-foxconn-oppama','','{"key": "talks", "date": "2025-07-06", "headline": "Nissan and Foxconn in talks over Oppama", "claim": "reported", "text": "The plant would build cars for Foxconn''s brand.", "stage": "talks", "sources": [{"publisher": "Nikkei", "title": "Nissan in talks with Foxconn", "url": "https://news.example/nissan-foxconn", "date": "2025-07-06"}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(10,'2026-12-01T15:02:41.321927Z','import','story added','renault-nissan-shares','','{"headline": "Renault: shares in Nissan", "summary": "The same subject under another name.", "kind": "stake", "parties": [{"company": "Renault", "role": "seller"}], "related": []}');
INSERT INTO "audit" VALUES(11,'2026-12-01T15:02:41.321927Z','import','development added','renault-nissan-shares','','{"key": "plan", "date": "2024-08", "headline": "Renault plans to sell shares", "claim": "reported", "text": "", "stage": null, "sources": [{"publisher": "Les Echos", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(12,'2026-12-01T15:02:41.458638Z','import','story added','renault-nissan-stake','','{"headline": "Renault: stake in Nissan", "summary": "Renault sells a part of its shares in Nissan.", "kind": "stake", "parties": [{"company": "Renault", "role": "seller"}, {"company": "Nissan", "role": "target"}], "related": []}');
INSERT INTO "audit" VALUES(13,'2026-12-01T15:02:41.458638Z','import','development added','renault-nissan-stake','','{"key": "sale", "date": "2024-09", "headline": "Renault sells shares in Nissan", "claim": "confirmed", "text": "", "stage": null, "sources": [{"publisher": "Renault", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(14,'2026-12-01T15:02:41.458638Z','import','development added','renault-nissan-stake','','{"key": "rumour", "date": "2024-10-05", "headline": "Renault wants to sell all shares in Nissan", "claim": "reported", "text": "", "stage": null, "sources": [{"publisher": "Les Echos", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(15,'2026-12-01T15:03:04.011874Z','import','development added','nissan-foxconn-oppama','','{"key": "denied", "date": "2025-08-01", "headline": "Foxconn denies talks over Oppama", "claim": "denied", "text": "", "stage": null, "sources": [{"publisher": "Reuters", "title": "", "url": "", "date": "2025-08"}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(16,'2026-12-01T15:03:13.651900Z','import','development corrected','nissan-foxconn-oppama','{"key": "denied", "date": "2025-08-01", "headline": "Foxconn denies talks over Oppama", "claim": "denied", "text": "", "stage": null, "sources": [{"publisher": "Reuters", "title": "", "url": "", "date": "2025-08"}], "retracted": "", "number": 7}','{"key": "denied", "date": "2025-08-01", "headline": "Foxconn denies any talks over Oppama", "claim": "denied", "text": "", "stage": null, "sources": [{"publisher": "Reuters", "title": "", "url": "", "date": "2025-08"}], "retracted": "", "number": 7}');
INSERT INTO "audit" VALUES(17,'2026-12-01T15:03:13.746541Z','import','development corrected','renault-nissan-stake','{"key": "sale", "date": "2024-09", "headline": "Renault sells shares in Nissan", "claim": "confirmed", "text": "", "stage": null, "sources": [{"publisher": "Renault", "title": "", "url": "", "date": null}], "retracted": "", "number": 5}','{"key": "sale", "date": "2024-09", "headline": "Renault sells a part of its shares in Nissan", "claim": "confirmed", "text": "", "stage": null, "sources": [{"publisher": "Renault", "title": "", "url": "", "date": null}], "retracted": "", "number": 5}');
INSERT INTO "audit" VALUES(18,'2026-12-01T15:03:16.978025Z','discord:1445067548923002880','development retracted','renault-nissan-stake','{"key": "rumour", "date": "2024-10-05", "headline": "Renault wants to sell all shares in Nissan", "claim": "reported", "text": "", "stage": null, "sources": [{"publisher": "Les Echos", "title": "", "url": "", "date": null}], "retracted": "", "number": 6}','{"key": "rumour", "date": "2024-10-05", "headline": "Renault wants to sell all shares in Nissan", "claim": "reported", "text": "", "stage": null, "sources": [{"publisher": "Les Echos", "title": "", "url": "", "date": null}], "retracted": "It was taken back.", "number": 6}');
INSERT INTO "audit" VALUES(19,'2026-12-01T15:03:17.313867Z','discord:1445067548923002880','story joined','renault-nissan-stake','{"headline": "Renault: shares in Nissan", "summary": "The same subject under another name.", "kind": "stake", "parties": [{"company": "Renault", "role": "seller"}], "related": []}','{"headline": "Renault: stake in Nissan", "summary": "Renault sells a part of its shares in Nissan.", "kind": "stake", "parties": [{"company": "Renault", "role": "seller"}, {"company": "Nissan", "role": "target"}], "related": []}');
INSERT INTO "audit" VALUES(20,'2026-12-01T15:03:28.094611Z','import','feed added','http://127.0.0.1:35861/review','','{"title": "Press review", "trust": "review", "state": "active"}');
INSERT INTO "audit" VALUES(21,'2026-12-01T15:03:28.214323Z','import','feed added','http://127.0.0.1:35861/auto','','{"title": "Press auto", "trust": "auto", "state": "active"}');
INSERT INTO "audit" VALUES(22,'2026-12-01T15:04:28.043149Z','import','development added','nissan-foxconn-oppama','','{"key": "agreed", "date": "2025-09-10", "headline": "Nissan and Foxconn agree on Oppama", "claim": "confirmed", "text": "", "stage": "agreed", "sources": [{"publisher": "Nissan", "title": "", "url": "https://news.example/agreed", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(23,'2026-12-01T15:04:36.124169Z','import','development added','nissan-foxconn-oppama','','{"key": "signed", "date": "2025-10-02", "headline": "Nissan and Foxconn sign the Oppama contract", "claim": "confirmed", "text": "", "stage": "signed", "sources": [{"publisher": "Foxconn", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "command_sync" VALUES('1445067548893773824','0e47cc6e2b1f99655aaad1450876dd62b9ec6cfdd3ac0fc13893806cdb014139');
INSERT INTO "command_sync" VALUES('global','46f3eae32dacdb2b274dd938caf7b48b77c62483818282c4eeab536747575004');
INSERT INTO "company" VALUES(1,'Nissan','JP','7201.T','nissan');
INSERT INTO "company" VALUES(2,'Foxconn','TW','','foxconn');
INSERT INTO "company" VALUES(3,'Honda','JP','','honda');
INSERT INTO "company" VALUES(4,'Renault','FR','','renault');
INSERT INTO "revision" VALUES('desk server',1445067548893773824);
INSERT INTO "revision" VALUES('stories',12);
INSERT INTO "story" VALUES(1,'honda-nissan-merger','Honda and Nissan: merger','Honda and Nissan talked about a joint holding company and ended the talks.','merger','terminated',1,0,0,'2025-02-13',20250213,'2026-12-01T15:02:40.995044Z','2026-12-01T15:02:40.995044Z');
INSERT INTO "story" VALUES(2,'nissan-foxconn-oppama','Nissan and Foxconn: EV production at Oppama','Nissan and Foxconn talk about building electric cars at the Oppama plant, which would otherwise close.','contract-manufacturing','signed',1,1,0,'2025-10-02',20251002,'2026-12-01T15:02:41.116904Z','2026-12-01T15:04:36.089056Z');
INSERT INTO "story" VALUES(4,'renault-nissan-stake','Renault: stake in Nissan','Renault sells a part of its shares in Nissan.','stake',NULL,1,1,0,'2024-09',20240900,'2026-12-01T15:02:41.422628Z','2026-12-01T15:03:17.313867Z');
INSERT INTO "alias" VALUES(1,1,'Nissan Motor',0,'nissan motor');
INSERT INTO "alias" VALUES(2,1,'日産',1,'日産');
INSERT INTO "alias" VALUES(3,2,'Hon Hai',0,'hon hai');
INSERT INTO "alias" VALUES(4,2,'鴻海',1,'鴻海');
INSERT INTO "development" VALUES(1,1,'agreed','2024-12-23',20241223,'Honda and Nissan agree to talk about a merger','','confirmed','agreed','',0,'2026-12-01T15:02:40.995044Z');
INSERT INTO "development" VALUES(2,1,'ended','2025-02-13',20250213,'Honda and Nissan end their talks','','confirmed','terminated','',0,'2026-12-01T15:02:40.995044Z');
INSERT INTO "development" VALUES(3,2,'talks','2025-07-06',20250706,'Nissan and Foxconn in talks over Oppama','The plant would build cars for Foxconn''s brand.','reported','talks','',0,'2026-12-01T15:02:41.116904Z');
INSERT INTO "development" VALUES(4,4,'plan','2024-08',20240800,'Renault plans to sell shares','','reported',NULL,'',0,'2026-12-01T15:02:41.242551Z');
INSERT INTO "development" VALUES(5,4,'sale','2024-09',20240900,'Renault sells a part of its shares in Nissan','','confirmed',NULL,'',0,'2026-12-01T15:02:41.422628Z');
INSERT INTO "development" VALUES(6,4,'rumour','2024-10-05',20241005,'Renault wants to sell all shares in Nissan','','reported',NULL,'It was taken back.',0,'2026-12-01T15:02:41.422628Z');
INSERT INTO "development" VALUES(7,2,'denied','2025-08-01',20250801,'Foxconn denies any talks over Oppama','','denied',NULL,'',1,'2026-12-01T15:03:04.003115Z');
INSERT INTO "development" VALUES(8,2,'agreed','2025-09-10',20250910,'Nissan and Foxconn agree on Oppama','','confirmed','agreed','',1,'2026-12-01T15:04:28.032710Z');
INSERT INTO "development" VALUES(9,2,'signed','2025-10-02',20251002,'Nissan and Foxconn sign the Oppama contract','','confirmed','signed','',1,'2026-12-01T15:04:36.089056Z');
INSERT INTO "party" VALUES(1,1,3,'partner',0,1,0,20250213);
INSERT INTO "party" VALUES(2,1,1,'partner',1,1,0,20250213);
INSERT INTO "party" VALUES(3,2,1,'plant owner',0,1,1,20251002);
INSERT INTO "party" VALUES(4,2,2,'manufacturer',1,1,1,20251002);
INSERT INTO "party" VALUES(6,4,4,'seller',0,1,1,20240900);
INSERT INTO "party" VALUES(7,4,1,'target',1,1,1,20240900);
INSERT INTO "related" VALUES(1,2,'honda-nissan-merger',0);
INSERT INTO "former_name" VALUES(1,7,'2025-08-01','Foxconn denies talks over Oppama');
INSERT INTO "former_name" VALUES(2,5,'2024-09','Renault sells shares in Nissan');
INSERT INTO "source" VALUES(1,1,0,'Honda','','','');
INSERT INTO "source" VALUES(2,2,0,'Nissan','','','');
INSERT INTO "source" VALUES(3,3,0,'Nikkei','Nissan in talks with Foxconn','https://news.example/nissan-foxconn','2025-07-06');
INSERT INTO "source" VALUES(4,4,0,'Les Echos','','','');
INSERT INTO "source" VALUES(5,5,0,'Renault','','','');
INSERT INTO "source" VALUES(6,6,0,'Les Echos','','','');
INSERT INTO "source" VALUES(7,7,0,'Reuters','','','2025-08');
INSERT INTO "source" VALUES(8,8,0,'Nissan','','https://news.example/agreed','');
INSERT INTO "source" VALUES(9,9,0,'Foxconn','','','');
DELETE FROM "story_search_data";
INSERT INTO "story_search_data" VALUES(1,X'030F1866');
INSERT INTO "story_search_data" VALUES(10,X'00000000010C0C000C0101010201010301010401010501010601010701010801010901010A01010B01010C0101');
INSERT INTO "story_search_data" VALUES(137438953473,X'000000FF05303732303101060101040101610108010207110204626F7574010801020611020467726565010601021202026E64010E030102030A070B0107636F6D70616E79010601020A0103656E64010601021B04026564010601020C0107686F6C64696E67010601020903036E64610112020101030102020F0B01056A6F696E74010601020801066D657267657201080501021702046F746F72010601010701066E697373616E011404010102060102040F0B01017401060101050203616C6B0106010214050265640106010205050173010801020E1102026865010601020D04026972010601021C02016F01060102130106E697A5E794A30106010108040B090C0B0D0E0A090E100C0E0B14080A0909090908');
INSERT INTO "story_search_data" VALUES(274877906945,X'000001740530373230310206010104010561626F7574020601020602026E64020A030102031202017402080701020A01056272616E640206010221020475696C64020601021C0603696E67020601020701046361727302080102091602046C6F736502060102110108656C65637472696302060102080201760202050103666F72020601021E030578636F6E6E021204010103010204120D0103686169020601010A02026F6E02060101090102696E020601021501056D6F746F72020601010701066E697373616E021202010102060102021201066F7070616D61020A0801020C0E020874686572776973650206010210020376657202060102170105706C616E74020801020D0F0209726F64756374696F6E020206010173020601022001017402060101050203616C6B0206010205050173020601021602026865020801020B1001057768696368020601020E02046F756C64020801020F0E0106E697A5E794A302060101080106E9B4BBE6B5B7020601010B040B0C0B090C0B0A0C0B0F060A120A09090C130F0F0A0D0E08080A080A0C0C0D');
INSERT INTO "story_search_data" VALUES(412316860417,X'000000990830616E6F7468657203060102060102696E03020401046E616D6503060102070205697373616E0302050105706C616E730306010209010772656E61756C74030E02010102010208010473616D6503060102030203656C6C030601020B0205686172657303080301020C020675626A65637403060102040103746865030601020202016F030601020A0105756E6465720306010205040E070B0A0C120B0A0D0D0A08');
INSERT INTO "story_search_data" VALUES(549755813889,X'000000D10530373230310406010104010161040601020402026C6C04060102140102696E040C04010209070A02027473040601020701056D6F746F72040601010701066E697373616E0414050101020601020A070A01026F6604060102060104706172740406010205010772656E61756C740412020101030102020B07010473656C6C040601021305017304080102030B02056861726573040A010208070A020474616B65040203010174040601010502016F0406010212010577616E747304060102110106E697A5E794A30406010108040B08090C090C14090B140B090E0908080C');
INSERT INTO "story_search_data" VALUES(687194767361,X'000001850530373230310207010104010561626F7574020701020602026E64020B030102031202017402090701020A01056272616E640207010221020475696C64020701021C0603696E67020701020701046361727302090102091602046C6F73650207010211010664656E69657302060102230108656C65637472696302070102080201760203050103666F72020701021E030578636F6E6E021504010103010204120D050103686169020701010A02026F6E02070101090102696E020701021501056D6F746F72020701010701066E697373616E021302010102060102021201066F7070616D61020D0801020C0E1002087468657277697365020701021002037665720209010217100105706C616E74020901020D0F0209726F64756374696F6E020306010173020701022001017402070101050203616C6B020701020505017302090102161002026865020901020B1001057768696368020701020E02046F756C64020901020F0E0106E697A5E794A302070101080106E9B4BBE6B5B7020701010B040B0C0B090C0B0A0C0B0D0F060A130A09090C13100F0B0D0E08080A090A0C0C0D');
INSERT INTO "story_search_data" VALUES(824633720833,X'0000018D0530373230310207010104010561626F7574020701020602026E64020B0301020312030179020601022402017402090701020A01056272616E640207010221020475696C64020701021C0603696E67020701020701046361727302090102091602046C6F73650207010211010664656E69657302070102230108656C65637472696302070102080201760203050103666F72020701021E030578636F6E6E021504010103010204120D050103686169020701010A02026F6E02070101090102696E020701021501056D6F746F72020701010701066E697373616E021302010102060102021201066F7070616D61020D0801020C0E1102087468657277697365020701021002037665720209010217110105706C616E74020901020D0F0209726F64756374696F6E020306010173020701022001017402070101050203616C6B020701020505017302090102161102026865020901020B1001057768696368020701020E02046F756C64020901020F0E0106E697A5E794A302070101080106E9B4BBE6B5B7020701010B040B0C0B08090C0B0A0C0B0D0F060A130A09090C13100F0B0D0E08080A090A0C0C0D');
INSERT INTO "story_search_data" VALUES(962072674305,X'000000D5053037323031040701010401016104090102040B02026C6C04070102180102696E040D040102090B0A0202747304090102070B01056D6F746F72040701010701066E697373616E0415050101020601020A0B0A01026F6604090102060B01047061727404090102050B010772656E61756C740413020101030102020B0B010473656C6C040701021705017304090102030B02056861726573040B0102080B0A020474616B65040303010174040701010502016F0407010216010577616E747304070102150106E697A5E794A30407010108040B09090C0A0C140A0C140B090E0908080C');
INSERT INTO "story_search_data" VALUES(1099511627777,X'000000C5053037323031040701010401016104090102040B02026C6C04010102696E040B040102090B0202747304090102070B01056D6F746F72040701010701066E697373616E0413050101020601020A0B01026F6604090102060B01047061727404090102050B010772656E61756C740411020101030102020B010473656C6C040105017304090102030B0205686172657304090102080B020474616B65040303010174040701010502016F0401010577616E747304010106E697A5E794A30407010108040B09060B0A0C130A0C1308090D09080509');
INSERT INTO "story_search_data" VALUES(1236950581249,X'000000710830616E6F7468657203010102696E030101046E616D6503010205697373616E03010105706C616E730301010772656E61756C740301010473616D6503010203656C6C0301020568617265730301020675626A65637403010103746865030102016F03010105756E6465720301040B060809090B0807090A0705');
INSERT INTO "story_search_data" VALUES(1374389534721,X'000000C905303732303104070101040101610409010204100102696E040B04010209100202747304090102071001056D6F746F72040701010701066E697373616E0413050101020601020A1001026F6604090102061001047061727404090102051002046C616E73040601020C010772656E61756C740413020101030102020B07010473656C6C040601020E05017304090102031002056861726573040B0102080909020474616B65040303010174040701010502016F040601020D0106E697A5E794A30407010108040B090B0A0C130A0C0B140B090E090808');
INSERT INTO "story_search_data" VALUES(1511828488193,X'000001A40530373230310207010104010561626F75740207010206020467726565020601022B02026E64020D030102031218030179020701022402017402090701020A01056272616E640207010221020475696C64020701021C0603696E67020701020701046361727302090102091602046C6F73650207010211010664656E69657302070102230108656C65637472696302070102080201760203050103666F72020701021E030578636F6E6E021704010103010204120D050A0103686169020701010A02026F6E02070101090102696E020701021501056D6F746F72020701010701066E697373616E02150201010206010202121801026F6E020601022C02057070616D61020F0801020C0E110802087468657277697365020701021002037665720209010217110105706C616E74020901020D0F0209726F64756374696F6E020306010173020701022001017402070101050203616C6B020701020505017302090102161102026865020901020B1001057768696368020701020E02046F756C64020901020F0E0106E697A5E794A302070101080106E9B4BBE6B5B7020701010B040B0C0B0C08090C0B0A0C0B0D0F060A140A09090C1409100F0B0D0E08080A090A0C0C0D');
INSERT INTO "story_search_data" VALUES(1649267441665,X'000001C10530373230310207010104010561626F75740207010206020467726565020701022B02026E64020F03010203121808030179020701022402017402090701020A01056272616E640207010221020475696C64020701021C0603696E67020701020701046361727302090102091602046C6F7365020701021102076F6E74726163740206010234010664656E69657302070102230108656C65637472696302070102080201760203050103666F72020701021E030578636F6E6E021904010103010204120D050A080103686169020701010A02026F6E02070101090102696E020701021501056D6F746F72020701010701066E697373616E0217020101020601020212180801026F6E020701022C02057070616D6102110801020C0E11080802087468657277697365020701021002037665720209010217110105706C616E74020901020D0F0209726F64756374696F6E0203060101730207010220020369676E020601023101017402070101050203616C6B020701020505017302090102161102026865020B01020B101B01057768696368020701020E02046F756C64020901020F0E0106E697A5E794A302070101080106E9B4BBE6B5B7020701010B040B0C0B0D08090C0B0A0C0B0E0D0F060A150A09090C1509110F0B0D0E080A080A090B0C0C0D');
DELETE FROM "story_search_idx";
INSERT INTO "story_search_idx" VALUES(1,X'',2);
INSERT INTO "story_search_idx" VALUES(2,X'',2);
INSERT INTO "story_search_idx" VALUES(3,X'',2);
INSERT INTO "story_search_idx" VALUES(4,X'',2);
INSERT INTO "story_search_idx" VALUES(5,X'',2);
INSERT INTO "story_search_idx" VALUES(6,X'',2);
INSERT INTO "story_search_idx" VALUES(7,X'',2);
INSERT INTO "story_search_idx" VALUES(8,X'',2);
INSERT INTO "story_search_idx" VALUES(9,X'',2);
INSERT INTO "story_search_idx" VALUES(10,X'',2);
INSERT INTO "story_search_idx" VALUES(11,X'',2);
INSERT INTO "story_search_idx" VALUES(12,X'',2);
DELETE FROM "story_search_content";
INSERT INTO "story_search_content" VALUES(1,'Honda and Nissan: merger','Nissan
Honda
7201.T
Nissan Motor
日産','Honda and Nissan talked about a joint holding company and ended the talks.
Honda and Nissan agree to talk about a merger

Honda and Nissan end their talks
');
INSERT INTO "story_search_content" VALUES(2,'Nissan and Foxconn: EV production at Oppama','Nissan
Foxconn
7201.T
Nissan Motor
日産
Hon Hai
鴻海','Nissan and Foxconn talk about building electric cars at the Oppama plant, which would otherwise close.
Nissan and Foxconn in talks over Oppama
The plant would build cars for Foxconn''s brand.
Foxconn denies any talks over Oppama

Nissan and Foxconn agree on Oppama

Nissan and Foxconn sign the Oppama contract
');
INSERT INTO "story_search_content" VALUES(4,'Renault: stake in Nissan','Nissan
Renault
7201.T
Nissan Motor
日産','Renault sells a part of its shares in Nissan.
Renault plans to sell shares

Renault sells a part of its shares in Nissan
');
DELETE FROM "story_search_docsize";
INSERT INTO "story_search_docsize" VALUES(1,X'04071C');
INSERT INTO "story_search_docsize" VALUES(2,X'070A33');
INSERT INTO "story_search_docsize" VALUES(4,X'040717');
DELETE FROM "story_search_config";
INSERT INTO "story_search_config" VALUES('version',4);
INSERT INTO "destination" VALUES(1,'channel',1445067548906225664,1445067548893773824,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(2,'channel',1445067548910419968,1445067548893773824,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(3,'channel',1445067548931391488,1445067548893773824,'the bot may not post there: give it Send Messages (in threads: Send Messages in Threads)','2026-12-01T15:03:05.047310Z','2026-12-01T15:20:39.322138Z',NULL,NULL,NULL);
INSERT INTO "destination" VALUES(4,'dm',1445067548927197184,0,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(5,'channel',1445067548935585792,1445067548893773824,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(6,'channel',1445067548939780096,1445067548893773824,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(7,'thread',1577339260795617280,1445067548893773824,'',NULL,NULL,6,2,1);
INSERT INTO "follow" VALUES(1,1,'company','company:1',1,NULL,1445067548918808576,'instant','','','','always',0,0,NULL,1445067548923002880,'2026-12-01T15:02:56.567026Z','active','');
INSERT INTO "follow" VALUES(2,2,'story','story:2',NULL,2,0,'instant','','','','always',0,0,NULL,1445067548923002880,'2026-12-01T15:02:58.091866Z','active','');
INSERT INTO "follow" VALUES(3,3,'everything','everything',NULL,NULL,0,'instant','','','','always',0,0,NULL,1445067548923002880,'2026-12-01T15:02:58.422813Z','active','');
INSERT INTO "follow" VALUES(4,4,'company','company:2',2,NULL,0,'instant','','','','always',0,0,NULL,1445067548927197184,'2026-12-01T15:02:58.884981Z','active','');
INSERT INTO "follow" VALUES(5,5,'kind','kind:stake',NULL,NULL,0,'weekly','confirmed','','','always',0,0,NULL,1445067548923002880,'2026-12-01T15:02:58.995216Z','active','');
INSERT INTO "follow" VALUES(6,6,'company','company:2',2,NULL,0,'instant','','','','always',0,1,NULL,1445067548923002880,'2026-12-01T15:02:59.739025Z','active','');
INSERT INTO "delivery" VALUES(1,7,1,2,'2026-12-01T15:03:04.017718Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(2,7,2,3,'2026-12-01T15:03:04.017718Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(3,7,3,4,'2026-12-01T15:03:04.017718Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(4,7,4,5,'2026-12-01T15:03:04.017718Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(5,7,6,6,'2026-12-01T15:03:04.017718Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(6,8,1,7,'2026-12-01T15:04:28.072242Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(7,8,2,8,'2026-12-01T15:04:28.072242Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(8,8,3,9,'2026-12-01T15:04:28.072242Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(9,8,4,10,'2026-12-01T15:04:28.072242Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(10,8,6,11,'2026-12-01T15:04:28.072242Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(11,9,1,12,'2026-12-01T15:04:36.137366Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(12,9,2,13,'2026-12-01T15:04:36.137366Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(13,9,3,14,'2026-12-01T15:04:36.137366Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(14,9,4,15,'2026-12-01T15:04:36.137366Z','instant',NULL,'',0,'');
INSERT INTO "delivery" VALUES(15,9,6,16,'2026-12-01T15:04:36.137366Z','instant',NULL,'',0,'');
INSERT INTO "preference" VALUES(1445067548893773824,'Europe/Berlin',9,0,NULL,NULL,30,'');
INSERT INTO "preference" VALUES(1445067548927197184,'UTC',8,0,NULL,NULL,0,'de');
INSERT INTO "joined" VALUES(1,'renault-nissan-shares',4,'2026-12-01T15:03:17.313867Z','{"story": [{"id": 3, "slug": "renault-nissan-shares", "headline": "Renault: shares in Nissan", "summary": "The same subject under another name.", "kind": "stake", "stage": null, "is_deal": 1, "is_open": 1, "disputed": 0, "as_of": "2024-08", "as_of_sort": 20240800, "created_at": "2026-12-01T15:02:41.242551Z", "updated_at": "2026-12-01T15:02:41.242551Z"}], "party": [{"id": 5, "story_id": 3, "company_id": 4, "role": "seller", "position": 0, "is_deal": 1, "is_open": 1, "as_of_sort": 20240800}], "related": [], "into_party": [{"id": 6, "story_id": 4, "company_id": 4, "role": "seller", "position": 0, "is_deal": 1, "is_open": 1, "as_of_sort": 20240900}, {"id": 7, "story_id": 4, "company_id": 1, "role": "target", "position": 1, "is_deal": 1, "is_open": 1, "as_of_sort": 20240900}], "developments": [[4, "plan"]], "follows": {"moved": [], "dropped": []}, "threads": [], "cards": [], "slugs": []}');
INSERT INTO "feed" VALUES(1,'http://127.0.0.1:35861/review','http://127.0.0.1:35861/review','127.0.0.1','Press review','review','active','','',3600,'2026-12-01T16:07:11.414997Z',0,'',0,'2026-12-01T15:04:05.433942Z','2026-12-01T15:04:05.433942Z','import','2026-12-01T15:03:28.094611Z');
INSERT INTO "feed" VALUES(2,'http://127.0.0.1:35861/auto','http://127.0.0.1:35861/auto','127.0.0.1','Press auto','auto','active','','',3600,'2026-12-01T16:09:43.829188Z',0,'',0,'2026-12-01T15:04:05.536345Z','2026-12-01T15:04:05.536345Z','import','2026-12-01T15:03:28.214323Z');
INSERT INTO "article" VALUES(1,'7eb8dcb87af4e685836bd5b6',1,'An old article','https://press.example/review/An-old-article','Press review','It was read before.','2026-11-28T15:03:18.000000Z','2026-12-01T15:03:47.757578Z','2026-12-01T15:03:47.757578Z','old',2);
INSERT INTO "article" VALUES(2,'3689ee0f8e37fef7cf5b2cb4',2,'An old article','https://press.example/auto/An-old-article','Press auto','It was read before.','2026-11-28T15:03:18.000000Z','2026-12-01T15:03:47.799007Z','2026-12-01T15:03:47.799007Z','old',2);
INSERT INTO "article" VALUES(3,'42490908024774add5685d38',1,'Honda and Renault in talks about a joint venture for batteries','https://press.example/review/Honda-and-Renault-in-talks-about-a-joint-venture-for-batteries','Press review','They want to build a plant.','2026-12-01T14:43:48.000000Z','2026-12-01T15:04:05.433942Z','2026-12-01T15:04:05.433942Z','done',2);
INSERT INTO "article" VALUES(4,'80967db8380cb710d695ec09',1,'Nissan and Foxconn agree on the Oppama plant, Nikkei says','https://press.example/review/Nissan-and-Foxconn-agree-on-the-Oppama-plant,-Nikkei-says','Press review','An agreement is near.','2026-12-01T14:43:48.000000Z','2026-12-01T15:04:05.433942Z','2026-12-01T15:04:05.433942Z','done',2);
INSERT INTO "article" VALUES(5,'46ea7ff10f4c8e8fe6a98131',2,'Honda and Foxconn sign a supply contract for displays','https://press.example/auto/Honda-and-Foxconn-sign-a-supply-contract-for-displays','Press auto','Foxconn will supply displays to Honda.','2026-12-01T14:43:48.000000Z','2026-12-01T15:04:05.536345Z','2026-12-01T15:04:05.536345Z','done',2);
INSERT INTO "tracked" VALUES(1,'nissan-foxconn-oppama#','headline','','nissan-foxconn-oppama','Nissan and Foxconn: EV production at Oppama','','2025-08-01T00:00:00.000000Z','',X'','{"nissan": 0.4891, "and": 0.03, "foxcon": 0.4891, "ev": 0.4891, "production": 0.1965, "at": 0.0589, "oppama": 0.4891}','');
INSERT INTO "tracked" VALUES(2,'nissan-foxconn-oppama#talks','development','','nissan-foxconn-oppama','Nissan and Foxconn in talks over Oppama','','2025-07-06T00:00:00.000000Z','',X'','{"nissan": 0.5665, "and": 0.0347, "foxcon": 0.5665, "in": 0.0187, "talk": 0.1543, "over": 0.1083, "oppama": 0.5665}','');
INSERT INTO "tracked" VALUES(3,'nissan-foxconn-oppama#denied','development','','nissan-foxconn-oppama','Foxconn denies any talks over Oppama','','2025-08-01T00:00:00.000000Z','',X'','{"foxcon": 0.659, "deny": 0.2067, "any": 0.2016, "talk": 0.1794, "over": 0.126, "oppama": 0.659}','');
INSERT INTO "tracked" VALUES(4,'honda-nissan-merger#','headline','','honda-nissan-merger','Honda and Nissan: merger','','2025-02-13T00:00:00.000000Z','',X'','{"honda": 0.6732, "and": 0.0413, "nissan": 0.6732, "merger": 0.3032}','');
INSERT INTO "tracked" VALUES(5,'honda-nissan-merger#agreed','development','','honda-nissan-merger','Honda and Nissan agree to talk about a merger','','2024-12-23T00:00:00.000000Z','',X'','{"honda": 0.6434, "and": 0.0395, "nissan": 0.6434, "agre": 0.1713, "to": 0.036, "talk": 0.1752, "about": 0.1561, "a": 0.0312, "merger": 0.2897}','');
INSERT INTO "tracked" VALUES(6,'honda-nissan-merger#ended','development','','honda-nissan-merger','Honda and Nissan end their talks','','2025-02-13T00:00:00.000000Z','',X'','{"honda": 0.6768, "and": 0.0415, "nissan": 0.6768, "end": 0.1657, "their": 0.1441, "talk": 0.1843}','');
INSERT INTO "tracked" VALUES(7,'renault-nissan-stake#','headline','','renault-nissan-stake','Renault: stake in Nissan','','2024-09-30T00:00:00.000000Z','',X'','{"renault": 0.6764, "stak": 0.2906, "in": 0.0223, "nissan": 0.6764}','');
INSERT INTO "tracked" VALUES(8,'renault-nissan-stake#plan','development','','renault-nissan-stake','Renault plans to sell shares','','2024-08-31T00:00:00.000000Z','',X'','{"renault": 0.876, "plan": 0.1937, "to": 0.0491, "sell": 0.3149, "shar": 0.3057}','');
INSERT INTO "tracked" VALUES(9,'renault-nissan-stake#sale','development','','renault-nissan-stake','Renault sells a part of its shares in Nissan','','2024-09-30T00:00:00.000000Z','',X'','{"renault": 0.6518, "sell": 0.2343, "a": 0.0316, "part": 0.1711, "of": 0.0217, "its": 0.1112, "shar": 0.2274, "in": 0.0215, "nissan": 0.6518}','');
INSERT INTO "tracked" VALUES(10,'42490908024774add5685d38','article','42490908024774add5685d38','','Honda and Renault in talks about a joint venture for batteries','They want to build a plant.','2026-12-01T14:43:48.000000Z','',X'','{"honda": 0.5842, "and": 0.0358, "renault": 0.5842, "in": 0.0192, "talk": 0.1591, "about": 0.1418, "a": 0.0283, "joint": 0.2142, "ventur": 0.2951, "for": 0.058, "battery": 0.2951, "they": 0.0806, "want": 0.1199, "to": 0.0196, "build": 0.1043, "plant": 0.1186}','{"article": "42490908024774add5685d38", "event": "42490908024774add5685d38", "decision": "new-story", "story": "", "candidates": [{"story": "renault-nissan-stake", "score": 0.042}, {"story": "honda-nissan-merger", "score": 0.038}, {"story": "nissan-foxconn-oppama", "score": 0.002}], "score": 0.042, "sure": false, "twin": {"key": "", "story": "", "likelihood": 0.0}, "suggestion": {"stage": "talks", "claim": "reported", "stage_words": {"part": "title", "start": 18, "end": 26, "words": "in talks"}, "claim_words": null}, "brings_new": false}');
INSERT INTO "tracked" VALUES(11,'80967db8380cb710d695ec09','article','80967db8380cb710d695ec09','','Nissan and Foxconn agree on the Oppama plant, Nikkei says','An agreement is near.','2026-12-01T14:43:48.000000Z','',X'','{"nissan": 0.4823, "and": 0.0296, "foxcon": 0.4823, "agre": 0.1284, "on": 0.0574, "the": 0.0081, "oppama": 0.4823, "plant": 0.1629, "nikkei": 0.4823, "say": 0.093, "an": 0.0374, "agreement": 0.0864, "is": 0.0298, "near": 0.0628}','{"article": "80967db8380cb710d695ec09", "event": "80967db8380cb710d695ec09", "decision": "development", "story": "nissan-foxconn-oppama", "candidates": [{"story": "nissan-foxconn-oppama", "score": 0.776}, {"story": "honda-nissan-merger", "score": 0.03}, {"story": "renault-nissan-stake", "score": 0.027}], "score": 0.776, "sure": true, "twin": {"key": "talks", "story": "nissan-foxconn-oppama", "likelihood": 0.419}, "suggestion": {"stage": null, "claim": "reported", "stage_words": null, "claim_words": null}, "brings_new": false}');
INSERT INTO "tracked" VALUES(12,'46ea7ff10f4c8e8fe6a98131','article','42490908024774add5685d38','','Honda and Foxconn sign a supply contract for displays','Foxconn will supply displays to Honda.','2026-12-01T14:43:48.000000Z','',X'','{"honda": 0.6082, "and": 0.0416, "foxcon": 0.6082, "sign": 0.1927, "a": 0.0329, "supply": 0.2368, "contract": 0.2488, "for": 0.0674, "display": 0.303, "will": 0.0727, "to": 0.0228}','{"article": "46ea7ff10f4c8e8fe6a98131", "event": "42490908024774add5685d38", "decision": "development", "story": "", "candidates": [{"story": "honda-nissan-merger", "score": 0.038}, {"story": "nissan-foxconn-oppama", "score": 0.033}, {"story": "renault-nissan-stake", "score": 0.0}], "score": 0.362, "sure": false, "twin": {"key": "42490908024774add5685d38", "story": "", "likelihood": 0.064}, "suggestion": {"stage": "signed", "claim": "reported", "stage_words": {"part": "title", "start": 18, "end": 22, "words": "sign"}, "claim_words": null}, "brings_new": true}');
INSERT INTO "tracked_centre" VALUES('',3,X'');
INSERT INTO "review" VALUES(1,3,'42490908024774add5685d38','{"verdict": "new-story", "stories": ["renault-nissan-stake", "honda-nissan-merger", "nissan-foxconn-oppama"], "story": "", "key": "", "claim": "reported", "stage": "talks", "words": ["in talks"], "companies": ["Honda", "Renault"], "names": []}','waiting','2026-12-01T15:04:05.827228Z',NULL,'','','',NULL,0,0,0,0,0,0);
INSERT INTO "review" VALUES(2,4,'80967db8380cb710d695ec09','{"verdict": "development", "stories": ["nissan-foxconn-oppama", "honda-nissan-merger", "renault-nissan-stake"], "story": "", "key": "", "claim": "reported", "stage": null, "words": [], "companies": ["Nissan", "Foxconn"], "names": ["Oppama", "Nikkei"]}','waiting','2026-12-01T15:04:05.844501Z',NULL,'','','',NULL,0,0,0,0,0,0);
INSERT INTO "review" VALUES(3,5,'42490908024774add5685d38','{"verdict": "development", "stories": ["honda-nissan-merger", "nissan-foxconn-oppama", "renault-nissan-stake"], "story": "", "key": "", "claim": "reported", "stage": "signed", "words": ["sign"], "companies": ["Honda", "Foxconn"], "names": []}','waiting','2026-12-01T15:04:05.873445Z',NULL,'','','',NULL,0,0,0,0,0,0);
INSERT INTO "looked" VALUES(1,1,1445067548927197184,'2026-12-01T15:03:00.050643Z',0,6);
INSERT INTO "post" VALUES(1,'b66553ffe1f8996e',6,'sent','card',2,'',1,0,'',0,0,0,4,3,'2026-12-01T15:03:04.017718Z','2026-12-01T15:04:36.147016Z',NULL,1577339260795617280,'2026-12-01T15:03:05.451371Z',NULL,'',0);
INSERT INTO "post" VALUES(2,'6258cf1d51d85c7c',1,'sent','post',NULL,'1445067548918808576',0,0,'',0,0,0,1,1,'2026-12-01T15:03:04.017718Z','2026-12-01T15:03:13.678581Z',NULL,1577339260481044480,'2026-12-01T15:03:05.250406Z',NULL,'',0);
INSERT INTO "post" VALUES(3,'b82e0b48390d33cf',2,'sent','post',NULL,'',0,0,'',0,0,0,1,1,'2026-12-01T15:03:04.017718Z','2026-12-01T15:03:13.678581Z',NULL,1577339259948367872,'2026-12-01T15:03:05.123514Z',NULL,'',0);
INSERT INTO "post" VALUES(4,'064e0bd0347b12f4',3,'pending','post',NULL,'',0,0,'',1,0,0,1,0,'2026-12-01T15:03:04.017718Z','2026-12-01T15:04:22.184724Z',NULL,NULL,NULL,NULL,'the bot may not post there: give it Send Messages (in threads: Send Messages in Threads)',0);
INSERT INTO "post" VALUES(5,'ec51debe0b911e37',4,'sent','post',NULL,'',0,0,'',0,0,0,1,1,'2026-12-01T15:03:04.017718Z','2026-12-01T15:03:13.678581Z',NULL,1577339260657205248,'2026-12-01T15:03:05.411711Z',NULL,'',0);
INSERT INTO "post" VALUES(6,'849dc5967d0037b5',7,'sent','post',NULL,'',0,0,'',0,0,0,1,1,'2026-12-01T15:03:04.017718Z','2026-12-01T15:03:13.678581Z',NULL,1577339263232507904,'2026-12-01T15:03:05.903393Z',NULL,'',1577339261298933760);
INSERT INTO "post" VALUES(7,'2bc9b49f0891eab7',1,'sent','post',NULL,'1445067548918808576',0,0,'',0,0,0,0,0,'2026-12-01T15:04:28.072242Z','2026-12-01T15:04:29.171047Z',NULL,1577339612349595648,'2026-12-01T15:04:29.171047Z',NULL,'',1577339260481044480);
INSERT INTO "post" VALUES(8,'4f726ab022d38dee',2,'leased','post',NULL,'',0,0,'',1,0,0,0,0,'2026-12-01T15:04:28.072242Z','2026-12-01T15:04:28.072242Z','2026-12-01T15:06:28.218500Z',NULL,NULL,NULL,'',1577339259948367872);
INSERT INTO "post" VALUES(9,'42b33923873d848d',3,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T15:04:28.072242Z','2026-12-01T15:04:28.072242Z',NULL,NULL,NULL,NULL,'',0);
INSERT INTO "post" VALUES(10,'68b7d3891629c764',4,'sent','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T15:04:28.072242Z','2026-12-01T15:04:29.326491Z',NULL,1577339613133930496,'2026-12-01T15:04:29.326491Z',NULL,'',1577339260657205248);
INSERT INTO "post" VALUES(11,'3e0a8271c3619a45',7,'sent','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T15:04:28.072242Z','2026-12-01T15:04:29.308961Z',NULL,1577339613062627328,'2026-12-01T15:04:29.308961Z',NULL,'',1577339263232507904);
INSERT INTO "post" VALUES(12,'4635545c06bbb7bb',1,'pending','post',NULL,'1445067548918808576',0,0,'',0,0,0,0,0,'2026-12-01T15:04:36.137366Z','2026-12-01T15:04:36.137366Z',NULL,NULL,NULL,NULL,'',0);
INSERT INTO "post" VALUES(13,'b2b8363004f62ee6',2,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T15:04:36.137366Z','2026-12-01T15:04:36.137366Z',NULL,NULL,NULL,NULL,'',0);
INSERT INTO "post" VALUES(14,'80ada6391ecf5df8',3,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T15:04:36.137366Z','2026-12-01T15:04:36.137366Z',NULL,NULL,NULL,NULL,'',0);
INSERT INTO "post" VALUES(15,'776442a695de15a4',4,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T15:04:36.137366Z','2026-12-01T15:04:36.137366Z',NULL,NULL,NULL,NULL,'',0);
INSERT INTO "post" VALUES(16,'f5a23868e401d498',7,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T15:04:36.137366Z','2026-12-01T15:04:36.137366Z',NULL,NULL,NULL,NULL,'',0);
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE INDEX ix_story_newest ON story (as_of_sort, id);
CREATE INDEX ix_alias_company_id ON alias (company_id);
CREATE INDEX ix_development_story_id ON development (story_id);
CREATE INDEX ix_party_company_id ON party (company_id);
CREATE INDEX ix_party_story_id ON party (story_id);
CREATE INDEX ix_related_story_id ON related (story_id);
CREATE INDEX ix_former_name_development_id ON former_name (development_id);
CREATE INDEX ix_source_development_id ON source (development_id);
CREATE INDEX ix_destination_guild_id ON destination (guild_id);
CREATE INDEX ix_destination_parent_id ON destination (parent_id);
CREATE INDEX ix_destination_story_id ON destination (story_id);
CREATE INDEX ix_destination_card_id ON destination (card_id);
CREATE INDEX ix_follow_destination_id ON follow (destination_id);
CREATE INDEX ix_follow_company_id ON follow (company_id);
CREATE INDEX ix_follow_story_id ON follow (story_id);
CREATE INDEX ix_follow_target_key ON follow (target_key);
CREATE INDEX ix_delivery_destination_id ON delivery (destination_id);
CREATE INDEX ix_delivery_post_id ON delivery (post_id);
CREATE INDEX ix_delivery_gather_at ON delivery (gather_at) WHERE gather_at IS NOT NULL;
CREATE INDEX ix_reader_note_user_id ON reader_note (user_id);
CREATE INDEX ix_joined_into_id ON joined (into_id);
CREATE INDEX ix_feed_given_url ON feed (given_url);
CREATE INDEX ix_feed_host ON feed (host);
CREATE INDEX ix_feed_state_next_poll ON feed (state, next_poll);
CREATE INDEX ix_article_feed_id ON article (feed_id);
CREATE INDEX ix_article_state_id ON article (state, id);
CREATE INDEX ix_tracked_event ON tracked (event);
CREATE INDEX ix_tracked_story ON tracked (story);
CREATE INDEX ix_review_event ON review (event);
CREATE INDEX ix_review_state_id ON review (state, id);
CREATE INDEX ix_retelling_review_id ON retelling (review_id);
CREATE INDEX ix_looked_destination_id ON looked (destination_id);
CREATE INDEX ix_looked_at ON looked (at);
CREATE INDEX ix_company_ticker ON company (ticker);
CREATE INDEX ix_company_folded ON company (folded);
CREATE INDEX ix_alias_folded ON alias (folded);
CREATE INDEX ix_story_newest_deals ON story (is_deal, as_of_sort, id);
CREATE INDEX ix_story_newest_of_stage ON story (stage, as_of_sort, id);
CREATE INDEX ix_story_newest_of_kind ON story (kind, as_of_sort, id);
CREATE INDEX ix_story_newest_of_kind_and_stage ON story (kind, stage, as_of_sort, id);
CREATE INDEX ix_party_newest ON party (company_id, as_of_sort, story_id);
CREATE INDEX ix_party_newest_deals ON party (company_id, is_deal, as_of_sort, story_id);
CREATE INDEX ix_party_newest_open ON party (company_id, is_open, as_of_sort, story_id);
CREATE INDEX ix_development_newest ON development (date_sort, id) WHERE retracted = '';
CREATE INDEX ix_development_standing ON development (story_id, date_sort, id) WHERE retracted = '';
CREATE INDEX ix_development_newest_of_claim ON development (claim, date_sort, id) WHERE retracted = '';
CREATE INDEX ix_development_newest_of_stage ON development (stage, date_sort, id) WHERE retracted = '' AND stage IS NOT NULL;
CREATE INDEX ix_development_telling ON development (story_id) WHERE stage IS NOT NULL OR claim = 'denied';
CREATE INDEX ix_post_destination_id_id ON post (destination_id, id);
CREATE INDEX ix_post_state_due_at ON post (state, due_at);
CREATE INDEX ix_post_story_id ON post (story_id);
CREATE INDEX ix_post_stale ON post (due_at) WHERE shown < wanted;
CREATE INDEX ix_post_publishing ON post (due_at) WHERE publish = 1;
CREATE INDEX ix_post_unsettled ON post (id) WHERE unsettled = 1;
CREATE INDEX ix_post_aside ON post (id) WHERE state = 'set aside';
COMMIT;
