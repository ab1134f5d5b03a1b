/* embed.h - the data files of proto/data/ inside every program, so that none has to be installed beside it.
 *
 * Each file is followed by a NUL byte, which _end points at: it can be read as a C string. */
#ifndef BC_EMBED_H
#define BC_EMBED_H

/* proto/data/calendars.json: the reporting calendars. */
extern const char embed_calendars[], embed_calendars_end[];
/* proto/data/catalogue.json: the shared catalogue of measures. */
extern const char embed_catalogue[], embed_catalogue_end[];
/* proto/data/holidays.json: public holidays and make-up days of Vietnam. */
extern const char embed_holidays[], embed_holidays_end[];
/* proto/data/paper.json: the layout of a Báo cáo. */
extern const char embed_paper[], embed_paper_end[];

#endif
